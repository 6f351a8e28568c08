package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskCheckpoints;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointStepsTest {

  private static final Bounds TAKEN_BACK =
      new Bounds(1, 20, 10_000, Duration.ofMinutes(10), GiveUp.RESTORE);

  private final Scene scene = new Scene();

  private static Plan plan(dev.agentrunner.core.task.Task... tasks) {
    return Tasks.withCheckpoints(Tasks.plan(AgentTools.specs(), tasks));
  }

  private List<String> taken() {
    return scene.events().stream()
        .filter(CheckpointTaken.class::isInstance)
        .map(CheckpointTaken.class::cast)
        .map(e -> "%s %s/%d".formatted(e.when(), e.task(), e.attempt()))
        .toList();
  }

  @Test
  void each_attempt_has_one_before_one_after_the_agent_and_one_after_the_hooks() {
    scene.processes.on("tests", job -> exits(taken().size() > 3 ? 0 : 1, "no"));
    scene.model.at("T1", 1, 1, says("done")).at("T1", 2, 1, says("done"));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(taken())
        .containsExactly(
            "BEFORE T1/1", "AFTER T1/1", "AFTER T1/1", "BEFORE T1/2", "AFTER T1/2", "AFTER T1/2");
  }

  @Test
  void the_state_has_the_first_tree_and_the_last() {
    scene.workspaces.files.put("a.txt", "one");
    scene.model.at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two"), finish("f1")));

    TaskCheckpoints kept = scene.begin(plan(task("T1"))).tasks().getFirst().checkpoints();

    assertThat(scene.checkpoints.changes(kept.first().orElseThrow(), kept.after().orElseThrow()))
        .extracting(change -> change.path())
        .containsExactly("a.txt");
  }

  @Test
  void what_somebody_changed_while_the_run_stood_still_is_not_the_attempts() {
    scene.checkpoints.trouble = Optional.of("the disk is full");
    scene.model.at("T1", 1, 1, says("done"));
    Plan plan = plan(task("T1"));
    RunState paused = scene.begin(plan);
    assertThat(paused.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);
    assertThat(paused.pause().orElseThrow().message()).isEqualTo("the disk is full");

    scene.workspaces.files.put("mine.txt", "meanwhile");
    scene.checkpoints.trouble = Optional.empty();
    TaskCheckpoints kept = scene.resume(plan, paused).tasks().getFirst().checkpoints();

    assertThat(kept.first()).isPresent().isEqualTo(kept.after());
  }

  @Test
  void a_folder_that_was_half_put_back_is_put_back_on_resume() {
    scene.workspaces.files.put("a.txt", "one");
    scene.processes.on("tests", job -> exits(1, "no"));
    scene.model.at("T1", 1, 1, calls(edit("e1", "a.txt", "one", "two"), finish("f1")));
    scene.checkpoints.onRestore =
        () -> {
          throw new EnvironmentException("the disk is gone");
        };
    Plan plan = plan(task("T1", List.of(), List.of("tests"), TAKEN_BACK));
    RunState paused = scene.begin(plan);
    assertThat(paused.status().isFinal()).isFalse();

    scene.checkpoints.onRestore = () -> {};
    RunState end = scene.resume(plan, paused);

    assertThat(end.status()).isEqualTo(RunStatus.FAILED);
    assertThat(scene.workspaces.files).containsEntry("a.txt", "one");
    assertThat(scene.events().stream().filter(RunEvent.FolderRestored.class::isInstance))
        .hasSize(1);
  }
}
