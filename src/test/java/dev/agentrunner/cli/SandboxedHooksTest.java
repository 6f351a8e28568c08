package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentrunner.ProgramDoor;
import dev.agentrunner.ProgramDoor.Outcome;
import dev.agentrunner.adapter.process.Sandbox;
import dev.agentrunner.adapter.process.Sandboxes;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.testing.Script;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Hooks with {@code sandbox: true}, with real processes. */
@EnabledOnOs(OS.LINUX)
final class SandboxedHooksTest {

  private static final String HOOK =
      "echo $AGENT_RUNNER_TASK_ID > sub/in.txt; echo x > ../escaped.txt; echo x > .agent-runner/own;"
          + " true";

  @TempDir private Path folder;

  private Outcome run(ProgramDoor door, String sandbox) {
    return door.write("sub/there", "")
        .tasks("T1, post_hooks: [pass], pre_hooks: [held]")
        .write(
            ".agent-runner/config.yml",
            door.read(".agent-runner/config.yml")
                .replace(
                    "hooks:\n",
                    "hooks:\n  held: {command: '%s', sandbox: %s}\n".formatted(HOOK, sandbox)))
        .run("run");
  }

  @Test
  void a_sandboxed_hook_writes_in_its_folder_and_nowhere_else() {
    assumeFalse(
        new Sandboxes(Sandboxing.AUTO, System.getenv("PATH")).inForce() instanceof Sandbox.Missing,
        "no sandbox works on this machine");
    try (ProgramDoor door = new ProgramDoor(folder, Script.ofFiles())) {
      Outcome outcome = run(door, "true");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(door.read("sub/in.txt")).isEqualTo("T1\n");
      assertThat(door.project().resolve("../escaped.txt")).doesNotExist();
      assertThat(door.project().resolve(".agent-runner/own")).doesNotExist();
    }
  }

  @Test
  void any_other_hook_runs_as_the_user_does() {
    try (ProgramDoor door = new ProgramDoor(folder, Script.ofFiles())) {
      Outcome outcome = run(door, "false");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(door.project().resolve("../escaped.txt")).exists();
    }
  }
}
