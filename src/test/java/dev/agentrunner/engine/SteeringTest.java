package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.ScriptedModel;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SteeringTest {

  private static final Bounds TAKEN_BACK =
      new Bounds(1, 20, 10_000, Duration.ofMinutes(10), GiveUp.RESTORE);

  private final Scene scene = new Scene();

  private static Plan plan(Task... tasks) {
    return Tasks.plan(AgentTools.specs(), tasks);
  }

  private static TaskStatus status(RunState state, String task) {
    return state.tasks().task(new TaskId(task)).status();
  }

  @Test
  void a_task_is_skipped_while_the_model_speaks_and_the_run_goes_on() {
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));
    scene.onAsk =
        () -> {
          if (scene.model.requests.size() == 1) {
            scene.steering.skip();
          }
        };

    RunState state = scene.begin(plan(task("T1"), task("T2")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(status(state, "T1")).isEqualTo(TaskStatus.SKIPPED);
    assertThat(status(state, "T2")).isEqualTo(TaskStatus.COMPLETED);
    assertThat(scene.events())
        .contains(new RunEvent.TaskSkipped(new TaskId("T1"), "skipped by key"))
        .contains(new RunEvent.StepInterrupted(new TaskId("T1"), 1, "question to scripted"));
  }

  @Test
  void a_task_is_skipped_while_its_hook_runs() {
    scene.model.at("T1", 1, 1, says("done"));
    scene.processes.on(
        "tests",
        job -> {
          scene.steering.skip();
          HookResult whole = exits(0, "");
          return new HookResult(
              new HookResult.Interrupted(), "", 0, whole.outputDigest(), whole.took());
        });

    RunState state = scene.begin(plan(task("T1")));

    assertThat(status(state, "T1")).isEqualTo(TaskStatus.SKIPPED);
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void the_folder_of_a_skipped_task_is_put_back_where_that_is_wanted() {
    scene.workspaces.files.put("a.txt", "as it was");
    scene
        .model
        .at("T1", 1, 1, calls(edit("e1", "a.txt", "as it was", "changed")))
        .at("T1", 1, 2, says("x"));
    scene.onAsk =
        () -> {
          if (scene.model.requests.size() == 2) {
            scene.steering.skip();
          }
        };

    RunState state =
        scene.begin(
            Tasks.withCheckpoints(plan(task("T1", List.of(), List.of("tests"), TAKEN_BACK))));

    assertThat(status(state, "T1")).isEqualTo(TaskStatus.SKIPPED);
    assertThat(scene.workspaces.files).containsEntry("a.txt", "as it was");
  }

  @Test
  void a_wish_to_skip_is_about_one_task_only() {
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));
    scene.processes.on(
        "tests",
        job -> {
          if (scene.processes.jobs.size() == 1) {
            scene.steering.skip(); // Too late to cut it: it passes all the same.
          }
          return exits(0, "");
        });

    RunState state = scene.begin(plan(task("T1"), task("T2")));

    assertThat(status(state, "T1")).isEqualTo(TaskStatus.COMPLETED);
    assertThat(status(state, "T2")).isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void a_pause_holds_the_run_between_two_tasks_until_it_is_told_to_go_on() throws Exception {
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));
    scene.steering.pause();

    List<RunState> ends = new ArrayList<>();
    Thread run =
        Thread.ofPlatform().start(() -> ends.add(scene.begin(plan(task("T1"), task("T2")))));
    while (!scene.steering.course().standing()) {
      Thread.onSpinWait();
    }
    List<RunEvent> before = scene.events();
    scene.steering.pause();
    run.join();

    assertThat(before.getLast())
        .isEqualTo(
            new RunEvent.RunPaused(PauseReason.INTERRUPTED, "paused by key", Optional.empty()));
    assertThat(ends.getFirst().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.events()).contains(new RunEvent.RunResumed("gone on by key", List.of()));
  }

  @Test
  void a_paused_run_that_is_stopped_can_be_resumed() throws Exception {
    scene.model.at("T1", 1, 1, says("done"));
    var plan = plan(task("T1"));
    scene.steering.pause();

    List<RunState> ends = new ArrayList<>();
    Thread run = Thread.ofPlatform().start(() -> ends.add(scene.begin(plan)));
    while (!scene.steering.course().standing()) {
      Thread.onSpinWait();
    }
    scene.stop.request();
    run.join();
    RunState resumed = scene.resume(plan, ends.getFirst());

    assertThat(ends.getFirst().pause()).isPresent();
    assertThat(resumed.status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_pause_can_be_taken_back_before_it_comes() {
    scene.model.at("T1", 1, 1, says("done"));
    scene.steering.pause();
    scene.steering.pause();

    assertThat(scene.begin(plan(task("T1"))).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void whoever_does_not_want_to_wait_has_the_model_asked_at_once() {
    scene.model.at(
        "T1",
        1,
        1,
        fails(new ModelFailure.Transient("busy", Optional.of(Duration.ofSeconds(50)))),
        says("done"));
    Instant begun = scene.clock.instant();
    scene.pauses =
        (due, stop) -> {
          assertThat(scene.steering.course().due()).contains(due);
          scene.steering.hurry();
          assertThat(stop.requested()).isTrue();
        };

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.clock.instant()).isEqualTo(begun);
    assertThat(scene.model.requests).hasSize(2);
  }

  @Test
  void haste_is_nothing_where_nobody_waits() {
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = scene.steering::hurry;

    assertThat(scene.begin(plan(task("T1"))).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.model.requests).hasSize(1);
  }

  @Test
  void what_is_said_while_the_model_answers_is_heard_at_its_next_turn() {
    Scene scene = new Scene();
    scene.workspaces.files.put("a.txt", "one\n");
    List<String> noted = new ArrayList<>();
    scene.onAsk =
        () -> {
          if (scene.model.requests.size() == 1) {
            scene.steering.tell(
                new Steering.Word(
                    Optional.empty(), "Keep it short.", "alice", () -> noted.add("noted")));
          }
        };
    scene
        .model
        .at(
            "T1",
            1,
            1,
            ScriptedModel.calls(
                new ToolCall("r1", "read_file", new ToolCall.Valid(Map.of("path", "a.txt")))))
        .at("T1", 1, 2, ScriptedModel.says("done"));

    scene.begin(
        Tasks.plan(AgentTools.specs(), Tasks.task("T1", List.of(), List.of(), Tasks.BOUNDS)));

    assertThat(scene.model.requests.get(1).messages().getLast())
        .isEqualTo(new Message.User("A person in charge says: Keep it short."));
    assertThat(noted).containsExactly("noted");
    assertThat(scene.events())
        .contains(new RunEvent.PersonTold(new TaskId("T1"), "Keep it short.", "alice"));
  }
}
