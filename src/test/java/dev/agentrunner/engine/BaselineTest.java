package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Baseline;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hooks that failed before anybody had done anything. */
class BaselineTest {

  private final Scene scene = new Scene();

  private TaskState play(Baseline baseline) {
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at("T1", attempt, 1, says("done"));
    }
    return scene
        .begin(
            Tasks.plan(
                new FailSafe(9, Optional.empty(), baseline, true), AgentTools.specs(), task("T1")))
        .tasks()
        .getFirst();
  }

  private void tests(String before, String after) {
    scene.processes.on(
        "tests",
        job ->
            exits(1, job.environment().get("AGENT_RUNNER_ATTEMPT").equals("0") ? before : after));
  }

  @Test
  void a_failure_that_was_there_before_does_not_stand_in_the_way() {
    tests("a.py:12 FAILED test_a in 0.1s", "a.py:40 FAILED test_a in 0.3s");

    TaskState task = play(Baseline.ON);

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.verified()).isFalse();
    assertThat(scene.events()).hasAtLeastOneElementOfType(RunEvent.HookWaived.class);
    assertThat(scene.prompt(0)).contains("- tests: `tests` (failed before you began;");
  }

  @Test
  void another_failure_does() {
    tests("FAILED test_a", "FAILED test_a\nFAILED test_b");

    assertThat(play(Baseline.ON).status()).isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void more_failures_of_the_same_kind_are_other_failures() {
    tests("3 errors", "5 errors");

    assertThat(play(Baseline.ON).status()).isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void where_a_green_baseline_is_required_no_attempt_is_made() {
    tests("FAILED test_a", "FAILED test_a");

    TaskState task = play(Baseline.GREEN);

    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.attempts()).isZero();
    assertThat(scene.model.requests).isEmpty();
  }

  @Test
  void without_a_baseline_hooks_are_run_after_the_agent_only() {
    scene.processes.on("tests", job -> exits(0, ""));

    assertThat(play(Baseline.OFF).verified()).isTrue();
    assertThat(scene.processes.jobs).hasSize(1);
  }
}
