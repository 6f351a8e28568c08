package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.When;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SandboxedHooksTest {

  private final Scene scene = new Scene();

  private static Plan plan(boolean sandboxed) {
    return Tasks.with(
        new Hook(
            new HookId("tests"),
            new Command.Shell("tests"),
            Duration.ofMinutes(1),
            Optional.of("sub"),
            Map.of("A", "1"),
            new When.Always(),
            Optional.empty(),
            sandboxed),
        Tasks.plan(AgentTools.specs(), task("T1")));
  }

  @Test
  void a_sandboxed_hook_is_held_to_the_folder_it_runs_in() {
    scene.model.at("T1", 1, 1, says("done"));

    scene.begin(plan(true));

    Confinement held = scene.processes.jobs.getFirst().confinement().orElseThrow();
    assertThat(held.writable()).containsExactly("/project/sub");
    assertThat(held.network()).isFalse();
    assertThat(held.environment())
        .containsEntry("A", "1")
        .containsEntry("AGENT_RUNNER_TASK_ID", "T1")
        .containsEntry("AGENT_RUNNER_ATTEMPT", "1");
  }

  @Test
  void any_other_hook_is_the_users_own() {
    scene.model.at("T1", 1, 1, says("done"));

    scene.begin(plan(false));

    assertThat(scene.processes.jobs.getFirst().confinement()).isEmpty();
  }

  @Test
  void a_hook_that_nothing_can_hold_stops_the_run_and_is_tried_again_on_resume() {
    scene.model.at("T1", 1, 1, says("done"));
    scene.processes.on(
        "tests",
        job ->
            new HookResult(
                new HookResult.NotStarted("no sandbox works here"), "", 0, "", Duration.ZERO));
    RunState paused = scene.begin(plan(true));

    assertThat(paused.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);
    assertThat(paused.pause().orElseThrow().message()).contains("no sandbox works here");

    scene.processes.on("tests", job -> exits(0, ""));
    assertThat(scene.resume(plan(true), paused).status()).isEqualTo(RunStatus.COMPLETED);
  }
}
