package dev.agentrunner.core.report;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.delivered;
import static dev.agentrunner.testing.Tasks.task;
import static dev.agentrunner.testing.Tasks.withFallback;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportFoldTest {

  private final Scene scene = new Scene();

  private static Plan plan(Task... tasks) {
    return Tasks.plan(AgentTools.specs(), tasks);
  }

  private RunReport report() {
    ReportFold fold = new ReportFold(Scene.RUN);
    scene.log.read(Scene.RUN, 0, fold);
    return fold.report();
  }

  @Test
  void what_was_spent_is_put_to_whoever_was_asked() {
    scene
        .model
        .at("T1", 1, 1, calls(write("w", "a.txt", "A")))
        .at("T1", 1, 2, fails(new ModelFailure.Window("used up", Optional.empty())), says("done"));

    RunState state = scene.begin(plan(withFallback(task("T1"), "second")));

    RunReport report = report();
    assertThat(report.providers()).containsOnlyKeys("scripted", "second");
    assertThat(report.providers().values().stream().reduce(Usage.NONE, Usage::plus))
        .isEqualTo(state.usage());
    assertThat(report.task(new TaskId("T1")).attempts())
        .containsExactly(new TaskReport.Attempt(1, "second", "scripted-1", Optional.empty()));
  }

  @Test
  void the_hook_that_was_run_last_is_the_one_that_failed() {
    scene.processes.on("tests", job -> exits(1, "no good"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at("T1", attempt, 1, calls(write("w", "a.txt", "A" + attempt), finish("f")));
    }

    scene.begin(plan(task("T1")));

    TaskReport task = report().tasks().getFirst();
    assertThat(task.lastFailure().orElseThrow().attempt()).isEqualTo(3);
    assertThat(task.lastFailure().orElseThrow().result().output()).isEqualTo("no good");
    assertThat(task.attempts())
        .extracting(TaskReport.Attempt::failure)
        .containsOnly(Optional.of("post-hook tests: exit 1"));
    assertThat(task.edited()).containsExactly("a.txt");
  }

  @Test
  void commits_and_pushes_are_told() {
    scene.model.at("T1", 1, 1, calls(write("w", "a.txt", "A"), finish("f")));

    scene.begin(plan(delivered(task("T1"), CommitAfter.TASK, true)));

    TaskReport.GitWork git = report().tasks().getFirst().git();
    assertThat(git.commits()).hasSize(1);
    assertThat(git.pushes()).hasSize(1);
  }

  @Test
  void time_that_a_run_stood_still_is_not_time_at_work() {
    scene.model.at(
        "T1", 1, 1, fails(new ModelFailure.Window("used up", Optional.empty())), says("done"));
    Plan plan = plan(task("T1"));
    RunState stopped = scene.begin(plan);
    Duration before = report().atWork();
    scene.clock.set(stopped.at().plus(Duration.ofHours(5)));

    scene.resume(plan, stopped);

    assertThat(report().stops()).isEqualTo(1);
    assertThat(report().stoodStill()).isEqualTo(Duration.ofHours(5));
    assertThat(report().atWork()).isGreaterThanOrEqualTo(before).isLessThan(Duration.ofHours(1));
  }
}
