package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is shipped, in a process of its own: what only its start decides. */
final class ProgramIT {

  @TempDir private Path folder;

  @Test
  void without_a_terminal_there_is_no_colour() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      door.tasks("T1, post_hooks: [second]", "T2");

      Ended ended = run(door, "run");

      assertThat(ended.exit()).as(ended.output()).isZero();
      assertThat(ended.output())
          .contains("[1/2] T1", "+attempt 2", "2 done")
          .doesNotContain("\u001B");
    }
  }

  @Test
  void the_exit_code_tells_how_it_ended() throws Exception {
    try (var door =
        new ProgramDoor(folder, Script.ofFiles().at("T1", 1, 1, Reaction.limits(7200)))) {
      door.tasks("T1");

      assertThat(run(door, "run", "-o", "quiet").exit()).isEqualTo(75);
      assertThat(run(door, "run", "--no-such-flag").exit()).isEqualTo(2);
      assertThat(run(door, "run", "-o", "quiet").exit()).isZero();
    }
  }

  @Test
  void a_server_takes_a_run() throws Exception {
    try (var door = new ProgramDoor(folder, Script.ofFiles())) {
      Process server =
          program(door, "serve", "--port", "0", "--project", "p=" + door.project()).start();
      try (var said = server.inputReader(StandardCharsets.UTF_8);
          var client = HttpClient.newHttpClient()) {
        String address = said.readLine().replaceFirst(".*(http://)", "$1");
        String order = "{\"project\":\"p\",\"goal\":\"Write a file\"}";

        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(address + "/runs"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(order))
                    .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      } finally {
        server.destroy();
        server.waitFor();
      }
    }
  }

  private record Ended(int exit, String output) {}

  private static Ended run(ProgramDoor door, String... arguments)
      throws IOException, InterruptedException {
    Process process = program(door, arguments).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private static ProcessBuilder program(ProgramDoor door, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("agent-runner.jar")));
    words.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(words).directory(door.project().toFile()).redirectErrorStream(true);
    builder.environment().putAll(door.environment());
    return builder;
  }
}
