package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.Main;
import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is told of the inside, on request only. Loggers ask for their level once, so each of these
 * has a process of its own.
 */
final class LogLevelTest {

  @TempDir private Path folder;
  private ProgramDoor door;

  @BeforeEach
  void a_project() {
    door = new ProgramDoor(folder, Script.ofFiles()).tasks("T1, post_hooks: [pass]");
  }

  @AfterEach
  void close() {
    door.close();
  }

  private Outcome process(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(door.project().toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(door.environment());
    int exit = builder.start().waitFor();
    return new Outcome(
        exit,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void debug_tells_of_calls_limits_and_processes_and_masks_keys()
      throws IOException, InterruptedException {
    door.write(
        "tasks.yml",
        """
        version: 1
        hooks: {told: "echo %s"}
        tasks: [{id: T1, title: one, post_hooks: [told]}]
        """
            .formatted(ProgramDoor.KEY));

    Outcome outcome = process("--log-level", "debug", "run", "-o", "quiet");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo("T1 completed\n");
    assertThat(outcome.err())
        .containsPattern("DEBUG ProviderHttp - POST 127.0.0.1:\\d+/v1/messages: status 200 after")
        .containsPattern("DEBUG QuotaGate - .*: booked \\d+ tokens")
        .containsPattern("DEBUG QuotaGate - .*: settled")
        .containsPattern("DEBUG Launcher - process \\d+ started in .*: echo ")
        .containsPattern("DEBUG RunningCommand - process \\d+ ended: OnItsOwn\\[code=0\\] after")
        .doesNotContain(ProgramDoor.KEY, "TRACE");
  }

  @Test
  void the_environment_sets_the_level_and_a_flag_outweighs_it()
      throws IOException, InterruptedException {
    door.with("AGENT_RUNNER_LOG_LEVEL", "trace");

    Outcome traced = process("run", "-o", "quiet");
    Outcome calm = process("run", "--redo", "T1", "-o", "quiet", "--log-level", "warn");

    assertThat(traced.err()).contains("TRACE Journal - 1 run.started").doesNotContain("Warning");
    assertThat(calm.err()).doesNotContain("TRACE", "DEBUG");
  }

  @Test
  void a_level_that_is_none_is_refused_with_those_there_are() {
    Outcome flag = door.run("status", "--log-level", "loud");
    Outcome variable = door.with("AGENT_RUNNER_LOG_LEVEL", "loud").run("status");

    assertThat(flag.exit()).isEqualTo(2);
    assertThat(flag.err()).contains("'--log-level'", "error, warn, info, debug, trace");
    assertThat(variable.exit()).isEqualTo(2);
    assertThat(variable.err()).contains("error, warn, info, debug, trace");
  }
}
