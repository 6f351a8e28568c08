package dev.agentrunner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Artifacts, projects, workflows, workers, and how the server is. */
final class ResourcesTest {

  private static final String SHA = "ab".repeat(32);

  private final ServedApi api = new ServedApi();

  @AfterEach
  void close() {
    api.close();
  }

  // Artifacts

  private String artifact(RunId run, String id, String name, String kind) {
    api.files.put("file:" + id, "0123456789".getBytes(StandardCharsets.UTF_8));
    api.store.add(
        List.of(
            new ArtifactRecord(id, run, name, kind, "file:" + id, 10, SHA, api.clock.instant())));
    return "/runs/" + run + "/artifacts/" + id;
  }

  @Test
  void an_artifact_is_fetched_whole_in_part_and_not_again() {
    String path = artifact(api.run(), "a1", "changes.diff", "diff") + "/download";

    ServedApi.Got whole = api.get(path);
    assertThat(whole.text()).isEqualTo("0123456789");
    assertThat(whole.header("etag")).isEqualTo("\"" + SHA + "\"");
    assertThat(whole.header("accept-ranges")).isEqualTo("bytes");
    assertThat(api.get(path, "If-None-Match", whole.header("etag")).status()).isEqualTo(304);

    ServedApi.Got part = api.get(path, "Range", "bytes=2-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("content-range")).isEqualTo("bytes 2-4/10");
    assertThat(api.get(path, "Range", "bytes=-3").text()).isEqualTo("789");
    assertThat(api.get(path, "Range", "bytes=7-99").text()).isEqualTo("789");
    assertThat(api.get(path, "Range", "bytes=2-4", "If-Range", "\"old\"").status()).isEqualTo(200);
    assertThat(api.get(path, "Range", "bytes=0-1,4-5").status()).isEqualTo(200);
    for (String none : new String[] {"bytes=10-", "bytes=-0", "bytes=5-4"}) {
      ServedApi.Got refused = api.get(path, "Range", none);
      assertThat(refused.status()).as(none).isEqualTo(416);
      assertThat(refused.header("content-range")).isEqualTo("bytes */10");
    }

    ServedApi.Got head = api.send("HEAD", path, null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-length")).isEqualTo("10");
    assertThat(head.bytes()).isEmpty();
  }

  @Test
  void the_name_of_an_artifact_cannot_break_out_of_its_header() {
    RunId run = api.run();
    for (String name : new String[] {"a\";\r\nX: y", "../../x", "\"日本語\".txt"}) {
      String path = artifact(run, "a1", name, "file") + "/download";

      ServedApi.Got got = api.get(path);

      assertThat(got.status()).isEqualTo(200);
      assertThat(got.headers()).doesNotContainKey("x");
      assertThat(got.header("content-disposition"))
          .matches(
              "attachment; filename=\"[A-Za-z0-9._~-]+\"; filename\\*=UTF-8''[A-Za-z0-9._~%-]+");
    }
  }

  @Test
  void an_artifact_is_found_only_with_its_own_run() {
    RunId one = api.run();
    RunId other = api.run();
    artifact(one, "a1", "x", "file");

    assertThat(api.get("/runs/" + one + "/artifacts").json().path("artifacts")).hasSize(1);
    assertThat(api.get("/runs/" + other + "/artifacts/a1").status()).isEqualTo(404);
    assertThat(api.get("/runs/" + one + "/artifacts/..%2f..%2fstate.json/download").status())
        .isEqualTo(404);
  }

  @Test
  void an_artifact_whose_bytes_are_gone_says_so() {
    String path = artifact(api.run(), "a1", "x", "file") + "/download";
    api.files.clear();

    assertThat(api.get(path).status()).isEqualTo(410);
  }

  @Test
  void the_logs_of_a_run_are_read_as_one_text() {
    RunId run = api.run();
    artifact(run, "a1", "T1/pre.log", "log");
    artifact(run, "a2", "T1/agent.md", "log");
    artifact(run, "a3", "changes.diff", "diff");

    assertThat(api.get("/runs/" + run + "/logs").text())
        .isEqualTo("==> T1/agent.md\n0123456789==> T1/pre.log\n0123456789");
  }

  // Projects

  @Test
  void a_project_is_made_looked_at_and_removed() {
    ServedApi.Got made = api.post("/projects", "{\"name\":\"web\",\"folder\":\"/srv/web\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(api.post("/projects", "{\"name\":\"web\",\"folder\":\"/x\"}").status())
        .isEqualTo(409);
    assertThat(api.post("/projects", "{\"name\":\"..\",\"folder\":\"x\"}").json().path("errors"))
        .hasSize(2);
    assertThat(api.get("/projects").json().path("projects")).hasSize(2);
    String path = "/projects/web";
    assertThat(api.send("DELETE", path, null).status()).isEqualTo(428);
    assertThat(api.send("DELETE", path, null, "If-Match", "\"9\"").status()).isEqualTo(412);
    assertThat(api.send("DELETE", path, null, "If-Match", api.get(path).header("etag")).status())
        .isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);
  }

  @Test
  void a_project_with_open_runs_stays() {
    api.run();

    ServedApi.Got refused = api.send("DELETE", "/projects/shop", null, "If-Match", "*");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("project-in-use");
  }

  // Workflows

  @Test
  void a_workflow_has_revisions_and_only_the_newest_is_followed() {
    ServedApi.Got made =
        api.send("POST", "/workflows?name=n", "one: 1", "Content-Type", "application/yaml");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(api.post("/workflows", "{\"name\":\"n\",\"source\":\"x\"}").status()).isEqualTo(409);
    String tag = made.header("etag");
    String two = "{\"source\":\"two: 2\"}";
    assertThat(api.send("PUT", "/workflows/n", two).status()).isEqualTo(428);
    assertThat(
            api.send("PUT", "/workflows/n", two, "If-Match", tag).json().path("revision").asInt())
        .isEqualTo(2);
    assertThat(api.send("PUT", "/workflows/n", two, "If-Match", tag).status()).isEqualTo(412);
    assertThat(api.get("/workflows/n").json().path("source").asText()).isEqualTo("two: 2");
    assertThat(api.get("/workflows/n/revisions").json().path("revisions")).hasSize(2);
    assertThat(api.get("/workflows/n/revisions/1").json().path("source").asText())
        .isEqualTo("one: 1");
    assertThat(api.get("/workflows/n/revisions/3").status()).isEqualTo(404);
  }

  @Test
  void a_workflow_at_fault_is_refused_with_line_and_column() {
    ServedApi.Got refused = api.post("/workflows/validate", "{\"source\":\"wrong\"}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("errors").path(0).path("pointer").asText()).isEqualTo("/source");
    assertThat(refused.json().path("errors").path(0).path("line").asInt()).isEqualTo(3);
    assertThat(api.post("/workflows/validate", "{\"source\":\"fine\"}").status()).isEqualTo(200);
    assertThat(
            api.send("POST", "/workflows?name=b", "bomb", "Content-Type", "application/yaml")
                .status())
        .isEqualTo(400);
  }

  // Workers

  @Test
  void a_worker_is_told_to_take_no_more() {
    api.store.enlist(
        new WorkerRecord(
            new WorkerId("w1"),
            "host",
            7,
            2,
            api.clock.instant(),
            api.clock.instant(),
            false,
            true));

    assertThat(api.get("/workers").json().path("workers").path(0).path("draining").asBoolean())
        .isFalse();
    ServedApi.Got drained = api.post("/workers/w1/drain", null);
    assertThat(drained.status()).isEqualTo(202);
    assertThat(drained.json().path("draining").asBoolean()).isTrue();
    assertThat(api.post("/workers/w2/drain", null).status()).isEqualTo(404);
    assertThat(api.get("/providers").json().path("providers")).isEmpty();
  }

  // How it is

  @Test
  void the_server_says_how_it_is() {
    api.run();

    assertThat(api.get("/healthz").status()).isEqualTo(200);
    assertThat(api.get("/readyz").status()).isEqualTo(200);
    assertThat(api.get("/version").json().path("version").asText()).isEqualTo("1.2.3");
    assertThat(api.get("/status").json().path("runs").path(0).path("count").asInt()).isEqualTo(1);
    assertThat(api.get("/metrics").text())
        .contains("agent_runner_runs{phase=\"dispatching\",status=\"queued\"} 1")
        .contains(
            "agent_runner_http_requests_total{method=\"POST\",route=\"/runs\",status=\"201\"} 1");
  }
}
