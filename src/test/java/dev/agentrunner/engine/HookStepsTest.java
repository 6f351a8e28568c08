package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.gated;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Gates;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.When;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When hooks are run, and what follows when they fail. */
class HookStepsTest {

  private static final When ALWAYS = new When.Always();

  private final Scene scene = new Scene();

  private static List<HookId> ids(String... ids) {
    return Stream.of(ids).map(HookId::new).toList();
  }

  private static Plan plan(Gates gates, Hook... hooks) {
    Plan plan =
        Tasks.withCheckpoints(
            Tasks.plan(
                AgentTools.specs(),
                gated(task("T1"), gates),
                gated(task("T2"), new Gates(ids(), ids()))));
    for (Hook hook : hooks) {
      plan = Tasks.with(hook, plan);
    }
    return plan;
  }

  private static Hook hook(String id, Consequence onFailure) {
    return Tasks.hook(id, ALWAYS, Optional.of(onFailure));
  }

  private TaskState play(Plan plan) {
    for (int attempt = 1; attempt <= 3; attempt++) {
      scene.model.at(
          "T1", attempt, 1, calls(write("w1", "src/a.txt", "A" + attempt), finish("f1")));
    }
    scene.model.at("T2", 1, 1, says("done"));
    return scene.begin(plan).tasks().getFirst();
  }

  /** The commands that were run for the first task, in order. */
  private List<String> ran() {
    return scene.processes.jobs.stream()
        .filter(job -> "T1".equals(job.environment().get("AGENT_RUNNER_TASK_ID")))
        .map(job -> job.command().shown())
        .toList();
  }

  @Test
  void a_hook_that_only_warns_stops_nothing() {
    scene.processes.on("lint", job -> exits(1, "too long"));

    TaskState task =
        play(plan(new Gates(ids(), ids("lint", "tests")), hook("lint", Consequence.WARN)));

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.verified()).isTrue();
    assertThat(ran()).containsExactly("lint", "tests");
    assertThat(scene.events()).hasAtLeastOneElementOfType(RunEvent.HookWaived.class);
  }

  @Test
  void a_task_that_was_only_warned_of_is_not_verified() {
    scene.processes.on("lint", job -> exits(1, "too long"));

    TaskState task = play(plan(new Gates(ids(), ids("lint")), hook("lint", Consequence.WARN)));

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.verified()).isFalse();
  }

  @Test
  void a_hook_that_blocks_fails_the_task_without_another_attempt() {
    scene.processes.on("licence", job -> exits(1, "not ours"));

    TaskState task =
        play(plan(new Gates(ids(), ids("licence")), hook("licence", Consequence.BLOCK)));

    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.attempts()).isEqualTo(1);
    assertThat(task.remark()).isEqualTo("post-hook licence: exit 1");
    assertThat(scene.asked).isEmpty();
  }

  @Test
  void a_pre_hook_that_blocks_fails_the_task_and_asks_nobody() {
    scene.processes.on("setup", job -> exits(1, "no"));

    TaskState task = play(plan(new Gates(ids("setup"), ids()), hook("setup", Consequence.BLOCK)));

    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(scene.asked).isEmpty();
  }

  @Test
  void a_pre_hook_that_warns_lets_the_agent_begin() {
    scene.processes.on("setup", job -> exits(1, "no"));

    TaskState task =
        play(plan(new Gates(ids("setup"), ids("tests")), hook("setup", Consequence.WARN)));

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void a_hook_that_asks_gets_another_attempt_from_a_person_only() {
    scene.processes.on("review", job -> exits(1, "look at it"));
    scene.answers.addAll(List.of(Decision.RETRY, Decision.SKIP));

    TaskState task = play(plan(new Gates(ids(), ids("review")), hook("review", Consequence.ASK)));

    assertThat(task.status()).isEqualTo(TaskStatus.SKIPPED);
    assertThat(task.attempts()).isEqualTo(2);
    assertThat(scene.asked)
        .extracting(Escalation::cause)
        .containsExactly(Escalation.Cause.POST_HOOK, Escalation.Cause.POST_HOOK);
    assertThat(scene.prompt(1)).contains("post-hook review: exit 1", "look at it");
  }

  @Test
  void hooks_for_failures_are_run_after_one_and_what_they_print_is_told_to_the_agent() {
    scene.processes.on(
        "tests",
        job -> exits(job.environment().get("AGENT_RUNNER_ATTEMPT").equals("1") ? 1 : 0, "no"));
    scene.processes.on("logs", job -> exits(0, "connection refused"));

    TaskState task =
        play(
            plan(
                new Gates(ids(), ids("tests", "logs")),
                Tasks.hook("logs", new When.OnFailure(), Optional.empty())));

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(ran()).containsExactly("tests", "logs", "tests");
    assertThat(scene.prompt(0)).contains("- tests: `tests`").doesNotContain("logs");
    assertThat(scene.prompt(1))
        .contains("Hooks that look for the cause printed:", "logs: passed", "connection refused");
  }

  @Test
  void a_hook_for_changes_is_run_only_if_the_task_changed_such_a_file() {
    TaskState task =
        play(
            plan(
                new Gates(ids(), ids("docs", "code")),
                Tasks.hook("docs", new When.Changed(List.of("docs/**")), Optional.empty()),
                Tasks.hook("code", new When.Changed(List.of("*.md", "src/**")), Optional.empty())));

    assertThat(task.verified()).isTrue();
    assertThat(ran()).containsExactly("code");
    assertThat(scene.events())
        .filteredOn(RunEvent.HookSkipped.class::isInstance)
        .extracting(event -> ((RunEvent.HookSkipped) event).reason())
        .containsExactly("the task changed nothing in docs/**");
  }

  @Test
  void deferred_hooks_are_run_however_the_task_ended() {
    scene.processes.on("tests", job -> exits(1, "no"));
    scene.processes.on("clean", job -> exits(1, "still there"));
    Plan plan =
        plan(
            new Gates(ids(), ids("tests"), ids("clean", "down", "alarm")),
            Tasks.hook("clean", ALWAYS, Optional.empty()),
            Tasks.hook("down", ALWAYS, Optional.empty()),
            Tasks.hook("alarm", new When.OnFailure(), Optional.empty()));

    TaskState task = play(plan);

    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(ran()).endsWith("clean", "down", "alarm");
  }

  @Test
  void what_deferred_hooks_change_is_part_of_how_the_task_left_its_folder() {
    scene.processes.on(
        "clean",
        job -> {
          scene.workspaces.files.put("cleaned.txt", "yes");
          return exits(0, "");
        });
    Plan plan =
        plan(
            new Gates(ids(), ids("tests"), ids("clean", "alarm")),
            Tasks.hook("clean", ALWAYS, Optional.empty()),
            Tasks.hook("alarm", new When.OnFailure(), Optional.empty()));

    TaskState task = play(plan);

    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(ran()).endsWith("tests", "clean");
    assertThat(
            scene.checkpoints.changes(
                task.checkpoints().first().orElseThrow(), task.checkpoints().after().orElseThrow()))
        .extracting(change -> change.path())
        .contains("cleaned.txt");
  }
}
