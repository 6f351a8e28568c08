package dev.agentrunner.adapter.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrunner.core.task.Delivery;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.GitSettings.AgentGit;
import dev.agentrunner.port.Repositories.Lookup;
import dev.agentrunner.port.Repository;
import dev.agentrunner.port.Repository.Answer;
import dev.agentrunner.testing.GitFolder;
import dev.agentrunner.testing.ScriptedProcesses;
import dev.agentrunner.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to a folder, and over HTTP to git's own server. */
final class RemotesTest {

  private static final String TOKEN = "s3cret-t0ken";

  private final ScriptedProcesses processes = new ScriptedProcesses();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private GitFolder git;
  private Path bare;
  private HttpServer server;

  @BeforeEach
  void lay_out_a_work_tree_and_a_server(@TempDir Path folder) throws Exception {
    git = new GitFolder(folder);
    git.file("a.txt", "one\n").committed("first");
    bare = folder.toRealPath().resolve("srv/bare.git");
    Files.createDirectories(bare.getParent());
    git.git("clone", "-q", "--bare", ".", bare.toString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String web() {
    return "http://127.0.0.1:%d/bare.git".formatted(server.getAddress().getPort());
  }

  /** As a web server runs git's own program, for whoever has the token. */
  private void serve(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(String.valueOf(authorization));
    byte[] body = exchange.getRequestBody().readAllBytes();
    String wanted =
        "Basic "
            + Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.UTF_8));
    if (!wanted.equals(authorization)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = backend.environment();
    environment.put("GIT_PROJECT_ROOT", bare.getParent().toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("REMOTE_USER", "me");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put(
        "QUERY_STRING", Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
    environment.put(
        "CONTENT_TYPE",
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse(""));
    environment.put("CONTENT_LENGTH", String.valueOf(body.length));
    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Encoding"))
        .ifPresent(coding -> environment.put("HTTP_CONTENT_ENCODING", coding));
    Process process = backend.start();
    process.getOutputStream().write(body);
    process.getOutputStream().close();
    answer(exchange, process.getInputStream());
  }

  private static void answer(HttpExchange exchange, InputStream out) throws IOException {
    String all = new String(out.readAllBytes(), StandardCharsets.ISO_8859_1);
    int end = all.indexOf("\r\n\r\n");
    int status = 200;
    for (String line : all.substring(0, end).split("\r\n")) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.equals("Status")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().add(name, value);
      }
    }
    byte[] body = all.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Repository repository(Map<String, String> environment) {
    var settings =
        new GitSettings(
            Optional.empty(),
            Delivery.NONE,
            Optional.empty(),
            AgentGit.ALL,
            Optional.of("GIT_NAME"),
            Optional.of("GIT_TOKEN"));
    var all = new HashMap<>(environment);
    all.put("HOME", git.home.toString());
    all.put("GIT_CONFIG_NOSYSTEM", "1");
    var repositories = new LocalRepositories(settings, all, processes, new SettableClock());
    return ((Lookup.Found) repositories.at(git.tree.toString())).repository();
  }

  private String tip() throws Exception {
    return git.git("-C", bare.toString(), "log", "-1", "--format=%s", "main").strip();
  }

  private static String refused(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).reason();
  }

  @Test
  void a_branch_is_pushed_to_a_folder_that_the_user_configured() throws Exception {
    git.git("remote", "add", "origin", bare.toString());
    git.file("a.txt", "two\n").committed("second");
    Repository repository = repository(Map.of());

    assertThat(repository.remoteOf("main")).contains("origin");
    assertThat(repository.push("origin", "main"))
        .isEqualTo(new Answer.Done("Pushed main to origin."));
    assertThat(repository.push("origin", "main"))
        .isEqualTo(new Answer.Done("main to origin was up to date."));
    assertThat(tip()).isEqualTo("second");
    assertThat(git.git("rev-parse", "origin/main")).isEqualTo(git.git("rev-parse", "main"));
  }

  @Test
  void nothing_is_forced_whatever_is_configured() throws Exception {
    git.git("remote", "add", "--mirror=push", "origin", bare.toString());
    git.git("config", "remote.origin.push", "+refs/heads/*:refs/heads/*");
    git.git("-C", bare.toString(), "branch", "only-there");
    git.file("a.txt", "two\n").committed("second");
    Repository repository = repository(Map.of());
    repository.push("origin", "main");
    git.git("reset", "-q", "--hard", "HEAD~");
    git.file("a.txt", "other\n").committed("other");

    assertThat(refused(repository.push("origin", "main"))).contains("nothing is forced");
    assertThat(tip()).isEqualTo("second");
    assertThat(git.git("-C", bare.toString(), "branch")).contains("only-there");
  }

  @Test
  void a_token_of_the_environment_opens_a_configured_server() throws Exception {
    git.git("remote", "add", "origin", web());
    git.file("a.txt", "two\n").committed("second");

    assertThat(repository(Map.of("GIT_NAME", "me", "GIT_TOKEN", TOKEN)).push("origin", "main"))
        .isEqualTo(new Answer.Done("Pushed main to origin."));
    assertThat(tip()).isEqualTo("second");
  }

  @Test
  void the_users_helper_and_netrc_are_asked() throws Exception {
    git.git("remote", "add", "origin", web());
    Files.writeString(
        git.home.resolve(".netrc"), "machine 127.0.0.1 login me password " + TOKEN + "\n");
    git.file("a.txt", "two\n").committed("second");
    assertThat(repository(Map.of()).push("origin", "main")).isInstanceOf(Answer.Done.class);
    assertThat(processes.jobs).isEmpty();

    Files.delete(git.home.resolve(".netrc"));
    git.git("config", "credential.helper", "!touch " + git.home.resolve("was-run"));
    assertThat(repository(Map.of()).push("origin", "main")).isInstanceOf(Answer.Refused.class);
    assertThat(processes.jobs).as("a helper of the repository's own").isEmpty();

    git.git("config", "--global", "credential.helper", "store");
    repository(Map.of()).push("origin", "main");
    assertThat(processes.jobs).isNotEmpty().allMatch(job -> job.folder().equals("/"));
    assertThat(git.home.resolve("was-run")).doesNotExist();
  }

  @Test
  void no_answer_holds_a_password() throws Exception {
    git.git("remote", "add", "origin", web().replace("http://", "http://me:wr0ng@"));
    String reason = refused(repository(Map.of("GIT_TOKEN", TOKEN)).push("origin", "main"));

    assertThat(reason).doesNotContain("wr0ng").doesNotContain(TOKEN).contains("not authorized");
  }

  @Test
  void a_configured_address_of_a_providers_services_is_refused_all_the_same() throws Exception {
    git.git("remote", "add", "origin", "http://169.254.169.254/x.git");

    assertThat(refused(repository(Map.of()).push("origin", "main")))
        .contains("not out in the open");
  }

  @Test
  void ssh_is_not_spoken_and_it_is_said_what_to_use() throws Exception {
    git.git("remote", "add", "origin", "git@example.com:me/x.git");

    assertThat(refused(repository(Map.of()).push("origin", "main")))
        .contains("use the https address");
  }

  @Test
  void the_agent_clones_from_no_address_of_this_machine() throws Exception {
    assertThat(refused(repository(Map.of("GIT_TOKEN", TOKEN)).clone(web(), "copy")))
        .contains("not out in the open");
    assertThat(refused(repository(Map.of()).clone(web().replace("127.0.0.1", "localhost"), "copy")))
        .contains("not out in the open");
    assertThat(authorizations).isEmpty();
    assertThat(git.tree.resolve("copy")).doesNotExist();
  }
}
