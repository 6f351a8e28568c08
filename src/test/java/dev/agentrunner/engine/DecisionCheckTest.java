package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.BOUNDS;
import static dev.agentrunner.testing.Tasks.task;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.DecisionCheck;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.CutRunTest.Story;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is played from its log decides what it decided; {@link CutRunTest} has more. */
class DecisionCheckTest {

  static Stream<Story> stories() {
    return CutRunTest.stories();
  }

  private static Scene scene(Story story) {
    Scene scene = new Scene();
    story.world().accept(scene);
    return scene;
  }

  private static void toTheEnd(Scene scene, Plan plan, RunState from) {
    RunState state = from;
    for (int i = 0; i < 10 && !state.status().isFinal(); i++) {
      state = scene.resume(plan, state);
    }
  }

  static Map<TaskId, String> digests(Plan plan) {
    return plan.tasks().keySet().stream().collect(toMap(id -> id, id -> "digest-" + id));
  }

  static DecisionCheck check(Scene scene, Plan plan, Map<TaskId, String> digests) {
    DecisionCheck check = new DecisionCheck(Scene.RUN, plan, digests);
    scene.log.read(Scene.RUN, 0, check);
    return check;
  }

  @ParameterizedTest
  @MethodSource("stories")
  void a_run_decides_the_same_again(Story story) {
    Scene scene = scene(story);
    toTheEnd(scene, story.plan(), scene.begin(story.plan()));

    DecisionCheck check = check(scene, story.plan(), digests(story.plan()));

    assertThat(check.differences()).isEmpty();
    assertThat(check.notCompared()).isZero();
    assertThat(check.agreed()).isGreaterThan(4);
  }

  @Test
  void another_bound_is_found_where_it_would_have_mattered() {
    Scene scene = new Scene();
    scene.processes.on("tests", job -> exits(1, "no"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at("T1", attempt, 1, says("done"));
    }
    scene.begin(Tasks.plan(AgentTools.specs(), task("T1")));
    Bounds two = new Bounds(2, BOUNDS.turns(), BOUNDS.tokens(), BOUNDS.time());
    Plan now = Tasks.plan(AgentTools.specs(), task("T1", List.of(), List.of("tests"), two));

    DecisionCheck check = check(scene, now, digests(now));

    assertThat(check.differences().getFirst().happened())
        .isInstanceOf(RunEvent.AttemptStarted.class);
    assertThat(check.differences().getFirst().decided()).isInstanceOf(Step.Note.class);
  }

  @Test
  void a_task_that_is_defined_otherwise_now_is_not_compared() {
    Scene scene = new Scene();
    scene.model.at("T1", 1, 1, says("done")).at("T2", 1, 1, says("done"));
    Plan plan = Tasks.plan(AgentTools.specs(), task("T1"), task("T2"));
    scene.begin(plan);

    DecisionCheck check =
        check(scene, plan, Map.of(new TaskId("T1"), "another", new TaskId("T2"), "digest-T2"));

    assertThat(check.edited()).containsExactly(new TaskId("T1"));
    assertThat(check.differences()).isEmpty();
    assertThat(check.agreed()).isPositive();
  }

  @Test
  void a_log_that_was_cut_short_tells_what_would_come_next() {
    Scene scene = new Scene();
    scene.model.at("T1", 1, 1, says("done"));
    Plan plan = Tasks.plan(AgentTools.specs(), task("T1"));
    scene.begin(plan);
    DecisionCheck check = new DecisionCheck(Scene.RUN, plan, digests(plan));

    scene.log.all(Scene.RUN).subList(0, 2).forEach(check);

    assertThat(check.next(scene.clock.instant())).containsInstanceOf(Step.OpenAttempt.class);
  }
}
