package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.reply;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.BOUNDS;
import static dev.agentrunner.testing.Tasks.guarded;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TamperGuardTest {

  private static final String TEST = "def test_a(): pass\n";

  private final Scene scene = new Scene();

  /** How the folder looked whenever the post-hook was run. */
  private final List<Map<String, String>> judged = new ArrayList<>();

  private static Plan plan(Task... tasks) {
    return Tasks.withCheckpoints(Tasks.plan(AgentTools.specs(), tasks));
  }

  private void judge(int... codes) {
    scene.processes.on(
        "tests",
        job -> {
          judged.add(new TreeMap<>(scene.workspaces.files));
          return exits(codes[Math.min(judged.size(), codes.length) - 1], "");
        });
  }

  private List<TamperFound> found() {
    return scene.events().stream()
        .filter(TamperFound.class::isInstance)
        .map(TamperFound.class::cast)
        .toList();
  }

  @Test
  void protected_files_are_as_they_were_when_the_hooks_run() {
    judge(0);
    scene.workspaces.files.putAll(Map.of("kept", "mine", "gone", "mine", "other", "1"));
    scene.model.at("T1", 1, 1, calls(edit("e1", "other", "1", "2"), finish("f1")));
    // As a command could, or another agent: past the file tools.
    scene.onAsk =
        () -> {
          scene.workspaces.files.put("kept", "its");
          scene.workspaces.files.remove("gone");
          scene.workspaces.files.put("made", "its");
        };

    RunState end = scene.begin(plan(guarded(task("T1"), OnTamper.FAIL, "kept", "gone", "made")));

    assertThat(judged).containsExactly(Map.of("kept", "mine", "gone", "mine", "other", "2"));
    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(found())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.restored()).containsExactly("gone", "kept", "made");
          assertThat(one.suspicions()).isEmpty();
          assertThat(
                  scene.checkpoints.changes(
                      end.tasks().getFirst().checkpoints().first().orElseThrow(), one.tree()))
              .as("what was put back can be looked at")
              .hasSize(4);
        });
  }

  @Test
  void work_that_weakens_nothing_is_not_worth_an_event() {
    judge(0);
    scene.model.at("T1", 1, 1, calls(write("w1", "a_test.py", TEST), finish("f1")));

    scene.begin(plan(task("T1")));

    assertThat(found()).isEmpty();
    assertThat(judged).hasSize(1);
  }

  @Test
  void what_is_only_warned_of_is_left_to_the_hooks() {
    judge(0);
    scene.workspaces.files.put("a_test.py", TEST);
    scene.model.at("T1", 1, 1, calls(edit("e1", "a_test.py", "test_a", "a"), finish("f1")));

    RunState end = scene.begin(plan(task("T1")));

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(found().getFirst().suspicions())
        .extracting(Suspicion::kind)
        .containsExactly(Suspicion.Kind.TEST_REMOVED);
    assertThat(end.tasks().getFirst().checkpoints().guarded().of(1)).contains(found().getFirst());
  }

  @Test
  void an_attempt_that_tampers_fails_before_the_hooks_and_the_next_is_told_what_to_take_back() {
    judge(0);
    scene.workspaces.files.put("a_test.py", TEST);
    scene.workspaces.files.put("Makefile", "cov: --cov-fail-under=90");
    scene
        .model
        .at(
            "T1",
            1,
            1,
            calls(
                edit("e1", "a_test.py", "test_a", "a"),
                edit("e2", "Makefile", "90", "10"),
                finish("f1")))
        .at(
            "T1",
            2,
            1,
            calls(
                edit("e3", "a_test.py", "def a", "def test_a"),
                edit("e4", "Makefile", "10", "90"),
                finish("f2")));

    RunState end = scene.begin(plan(guarded(task("T1"), OnTamper.FAIL)));

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(judged).as("only the second attempt is judged").hasSize(1);
    assertThat(found()).hasSize(1);
    assertThat(scene.prompt(1))
        .contains("a_test.py: 0 tests instead of 1; not there any more: test_a")
        .contains("Makefile: cov-fail-under 90 is 10 now");
  }

  @Test
  void what_an_attempt_changed_that_never_finished_is_not_handed_on_to_the_next_task() {
    scene.workspaces.files.put("kept", "mine");
    scene.model.at("T1", 1, 1, reply(Stop.REFUSED)).at("T2", 1, 1, says("done"));
    scene.onAsk =
        () -> {
          if (scene.model.requests.size() == 1) {
            scene.workspaces.files.put("kept", "its");
          }
        };
    Bounds once = new Bounds(1, 20, 10_000, Duration.ofMinutes(10));

    RunState end =
        scene.begin(
            plan(
                guarded(task("T1", List.of(), List.of("tests"), once), OnTamper.WARN, "kept"),
                guarded(task("T2"), OnTamper.WARN, "kept")));

    assertThat(end.tasks().getFirst().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(scene.workspaces.files).isEqualTo(Map.of("kept", "mine"));
    assertThat(found()).extracting(one -> one.task().value()).containsExactly("T1");
  }

  @Test
  void what_a_hook_changed_is_put_back_in_the_next_attempt() {
    scene.workspaces.files.put("kept", "mine");
    scene.model.at("T1", 1, 1, says("done")).at("T1", 2, 1, says("done"));
    scene.processes.on(
        "tests",
        job -> {
          judged.add(new TreeMap<>(scene.workspaces.files));
          scene.workspaces.files.put("kept", "changed by the hook");
          return exits(judged.size() == 1 ? 1 : 0, "");
        });

    scene.begin(plan(guarded(task("T1"), OnTamper.WARN, "kept")));

    assertThat(judged).containsExactly(Map.of("kept", "mine"), Map.of("kept", "mine"));
    assertThat(found()).extracting(TamperFound::attempt).containsExactly(2);
  }

  @Test
  void a_restore_that_was_cut_off_is_finished_before_the_hooks_and_told_once() {
    judge(0);
    scene.workspaces.files.put("kept", "mine");
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = () -> scene.workspaces.files.put("kept", "its");
    scene.checkpoints.onRestore =
        () -> {
          throw new EnvironmentException("the disk is gone");
        };
    Plan plan = plan(guarded(task("T1"), OnTamper.WARN, "kept"));
    RunState paused = scene.begin(plan);
    assertThat(paused.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);
    assertThat(judged).isEmpty();

    scene.checkpoints.onRestore = () -> {};
    RunState end = scene.resume(plan, paused);

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(judged).containsExactly(Map.of("kept", "mine"));
    assertThat(found()).hasSize(1);
  }

  @Test
  void without_checkpoints_nothing_is_put_back() {
    judge(0);
    scene.workspaces.files.put("kept", "mine");
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = () -> scene.workspaces.files.put("kept", "its");

    scene.begin(Tasks.plan(AgentTools.specs(), guarded(task("T1"), OnTamper.FAIL, "kept")));

    assertThat(judged).containsExactly(Map.of("kept", "its"));
    assertThat(scene.events().stream().filter(RunEvent.CheckpointTaken.class::isInstance))
        .isEmpty();
  }

  @Test
  void a_task_without_hooks_is_guarded_too() {
    scene.workspaces.files.put("kept", "mine");
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = () -> scene.workspaces.files.put("kept", "its");

    scene.begin(plan(guarded(task("T1", List.of(), List.of(), BOUNDS), OnTamper.WARN, "kept")));

    assertThat(scene.workspaces.files).isEqualTo(Map.of("kept", "mine"));
  }

  @Test
  void an_event_does_not_name_more_than_a_hundred() {
    judge(0);
    for (int i = 0; i < 150; i++) {
      scene.workspaces.files.put("test_%03d.py".formatted(i), TEST.replace("_a", "_" + i));
    }
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = () -> scene.workspaces.files.clear();
    scene.person = asked -> Optional.empty();

    scene.begin(plan(task("T1")));

    assertThat(found().getFirst().suspicions()).hasSize(100);
    assertThat(found().getFirst().more()).isEqualTo(50);
  }
}
