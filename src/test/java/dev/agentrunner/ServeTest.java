package dev.agentrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrunner.cli.Platform.Running;
import dev.agentrunner.cli.Platform.Serving;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server, its database, its workers and the engine, as its clients meet them. */
@Timeout(120)
final class ServeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private ProgramDoor door;
  private Running server;
  private HttpClient client;

  @BeforeEach
  void open() {
    door = new ProgramDoor(folder, Script.ofFiles());
    server = serving();
    client = HttpClient.newHttpClient();
  }

  private Running serving() {
    return door.platform()
        .serve(
            new Serving(
                "127.0.0.1",
                0,
                "sqlite:" + folder.resolve("server.db"),
                List.of(),
                List.of(),
                2,
                Map.of("p", "."),
                false));
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    door.close();
  }

  @Test
  void a_run_does_its_tasks_and_leaves_what_proves_it() throws Exception {
    JsonNode run = ended(start("tasks: [{id: T1, title: T1 does it, post_hooks: [pass]}]"));

    assertThat(run.path("status").asText()).isEqualTo("COMPLETED");
    assertThat(door.read("T1.txt")).isEqualTo("attempt 1\n");
    assertThat(names(artifacts(run)))
        .contains("report.md", "junit.xml", "evidence.json", "changes.diff", "T1/agent.md");
    List<Long> seqs = new ArrayList<>();
    get(at(run) + "/events").path("events").forEach(event -> seqs.add(event.path("seq").asLong()));
    assertThat(seqs).hasSize(run.path("last_seq").asInt()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void an_artifact_is_fetched_whole_in_part_and_not_again() throws Exception {
    JsonNode run = ended(start("tasks: [{id: T1, title: T1 does it}]"));
    JsonNode diff = null;
    for (JsonNode artifact : artifacts(run)) {
      diff = artifact.path("name").asText().equals("changes.diff") ? artifact : diff;
    }
    String path = at(run) + "/artifacts/" + diff.path("id").asText() + "/download";

    HttpResponse<String> whole = send("GET", path, "");
    HttpResponse<String> part = send("GET", path, "", "Range", "bytes=0-3");
    HttpResponse<String> again =
        send("GET", path, "", "If-None-Match", whole.headers().firstValue("etag").orElseThrow());

    assertThat(whole.body()).contains("+attempt 1");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("diff");
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void a_cancel_ends_the_hook_that_runs_and_all_it_started() throws Exception {
    door.write("long.sh", "sleep 600 & echo $! > child; echo $$ > parent; wait\n");
    String run =
        start(
            """
            hooks: {long: {command: "sh long.sh", cwd: "."}}
            tasks: [{id: T1, title: T1 does it, pre_hooks: [long]}]
            """);
    until(() -> Files.exists(door.project().resolve("parent")));

    assertThat(send("POST", "/runs/" + run + "/cancel", "{\"reason\":\"enough\"}").statusCode())
        .isEqualTo(202);

    JsonNode over = ended(run);
    assertThat(over.path("status").asText()).isEqualTo("CANCELED");
    assertThat(over.path("reason").asText()).contains("enough").contains("pre-hook long of T1");
    assertThat(isAlive("parent")).isFalse();
    assertThat(isAlive("child")).isFalse();
  }

  @Test
  void a_task_that_gets_nowhere_waits_for_a_decision_and_goes_on_with_it() throws Exception {
    String run =
        start("tasks: [{id: T1, title: T1 does it, max_attempts: 1, post_hooks: [second]}]");
    JsonNode waiting = until(run, at -> at.path("phase").asText().equals("waiting_for_person"));
    assertThat(waiting.path("status").asText()).isEqualTo("RUNNING");

    until(run, at -> !at.has("held") || at.path("held").isNull());
    send("POST", "/runs/" + run + "/decision", "{\"task\":\"T1\",\"choice\":\"retry\"}");

    assertThat(ended(run).path("status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void what_a_person_says_meanwhile_reaches_the_agent() throws Exception {
    door.write("wait.sh", "touch begun; while test ! -e go; do sleep 0.05; done\n");
    String run =
        start(
            """
            hooks: {wait: {command: "sh wait.sh", cwd: "."}}
            tasks: [{id: T1, title: T1 does it, pre_hooks: [wait]}]
            """);
    until(() -> Files.exists(door.project().resolve("begun")));

    send("POST", "/runs/" + run + "/messages", "{\"text\":\"Keep it short.\"}");
    door.write("go", "");

    ended(run);
    assertThat(get("/runs/" + run + "/events").toString()).contains("person.told");
    assertThat(door.provider().requests().getFirst().toString()).contains("Keep it short.");
  }

  @Test
  void faults_of_a_list_are_told_with_line_and_column() throws Exception {
    HttpResponse<String> answer =
        post("tasks:\n  - {id: T1, title: T1 does it, post_hooks: [psas]}");

    assertThat(answer.statusCode()).isEqualTo(422);
    JsonNode fault = JSON.readTree(answer.body()).path("errors").path(0);
    assertThat(fault.path("pointer").asText()).isEqualTo("/tasks");
    assertThat(fault.path("line").asInt()).isEqualTo(3);
    assertThat(fault.path("detail").asText()).contains("psas").contains("pass");
  }

  @Test
  void a_task_that_would_work_outside_of_its_project_is_refused() throws Exception {
    assertThat(post("tasks: [{id: T1, title: T1 does it, path: ..}]").body())
        .contains("outside of project");
  }

  @Test
  void a_workflow_makes_a_run_of_its_own_each_time() throws Exception {
    String source =
        "version: 1\\ninputs: {what: {}}\\nsteps:\\n  - {id: make, agent: \\\"Make {{inputs.what}}\\\"}\\n";
    send("POST", "/workflows", "{\"name\":\"maker\",\"source\":\"" + source + "\"}");

    HttpResponse<String> answer =
        send(
            "POST",
            "/runs",
            "{\"project\":\"p\",\"workflow\":\"maker\",\"inputs\":{\"what\":\"tea\"}}");

    JsonNode run = ended(JSON.readTree(answer.body()).path("id").asText());
    assertThat(run.path("status").asText()).isEqualTo("COMPLETED");
    assertThat(get(at(run) + "/events").toString()).contains("Make tea");
  }

  @Test
  void a_run_that_a_server_left_standing_is_gone_on_with_at_the_next_start() throws Exception {
    door.write("wait.sh", "echo x >> begun; while test ! -e go; do sleep 0.05; done\n");
    String run =
        start(
            """
            hooks: {wait: {command: "sh wait.sh", cwd: "."}}
            tasks: [{id: T1, title: T1 does it, pre_hooks: [wait]}]
            """);
    until(() -> Files.exists(door.project().resolve("begun")));

    server.close();
    door.write("go", "");
    server = serving();

    assertThat(ended(run).path("status").asText()).isEqualTo("COMPLETED");
    assertThat(door.read("begun").lines()).hasSize(2);
  }

  private String start(String list) throws Exception {
    HttpResponse<String> answer = post(list);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body()).path("id").asText();
  }

  private HttpResponse<String> post(String list) throws Exception {
    String body = JSON.writeValueAsString(Map.of("project", "p", "tasks", "version: 1\n" + list));
    return send("POST", "/runs", body);
  }

  private JsonNode ended(String run) throws Exception {
    return until(
        run,
        at ->
            at.path("phase").asText().equals("over")
                && (at.path("last_seq").asInt() < 3 || !artifacts(at).isEmpty()));
  }

  private JsonNode until(String run, Predicate<JsonNode> there) throws Exception {
    while (true) {
      JsonNode now = get("/runs/" + run);
      if (there.test(now)) {
        return now;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private interface Look {
    boolean there();
  }

  private static void until(Look look) {
    while (!look.there()) {
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Whether the process does anything yet; who has adopted it may not have buried it. */
  private boolean isAlive(String pidFile) throws IOException {
    Path stat = Path.of("/proc", door.read(pidFile).strip(), "stat");
    try {
      return !Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z");
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private JsonNode artifacts(JsonNode run) {
    try {
      return get(at(run) + "/artifacts").path("artifacts");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(JsonNode artifacts) {
    List<String> names = new ArrayList<>();
    artifacts.forEach(artifact -> names.add(artifact.path("name").asText()));
    return names;
  }

  private static String at(JsonNode run) {
    return "/runs/" + run.path("id").asText();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(send("GET", path, "").body());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    String address = server.notes().getFirst().replaceFirst(".*(http://)", "$1");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
