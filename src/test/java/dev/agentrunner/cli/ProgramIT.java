package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
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

  private record Ended(int exit, String output) {}

  private static Ended run(ProgramDoor door, String... arguments)
      throws IOException, InterruptedException {
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
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
