package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.call;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.reply;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.TokenRates;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Phase;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.ScriptedModel;
import dev.agentrunner.testing.Tasks;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunEngineTest {

  private final Scene scene = new Scene();
  private final ScriptedModel model = scene.model;

  private static Plan plan(dev.agentrunner.core.task.Task... tasks) {
    return Tasks.plan(AgentTools.specs(), tasks);
  }

  @Test
  void a_task_is_done_when_its_post_hook_passes() {
    model.at("T1", 1, 1, calls(write("c1", "a.txt", "one\n"))).at("T1", 1, 2, calls(finish("c2")));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(state.tasks().getFirst().verified()).isTrue();
    assertThat(state.tasks().getFirst().remark()).isEqualTo("did it");
    assertThat(scene.workspaces.files).containsEntry("a.txt", "one\n");
    assertThat(state.usage().totalTokens()).isEqualTo(30);
  }

  @Test
  void a_reply_and_a_failure_are_priced_unless_they_told_their_own_cost() {
    TokenRates rates =
        new TokenRates(
            BigDecimal.valueOf(3),
            BigDecimal.valueOf(15),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    model.price = Optional.of(new ModelPrice(rates));
    Usage told = new Usage(10, 0, 0, 5, 0, true).costing(Cost.of(1_000));
    Reply own =
        new Reply(
            "scripted-1",
            List.of(new Part.Call(finish("c2"))),
            Stop.TOOLS,
            "",
            told,
            Optional.empty());
    model
        .at(
            "T1",
            1,
            1,
            new Answer.Failed(
                new ModelFailure.Transient("cut", Optional.empty()),
                new Usage(10, 0, 0, 1, 0, false)),
            calls(write("c1", "a.txt", "one\n")))
        .at("T1", 1, 2, new Answer.Replied(own));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.usage().cost()).isEqualTo(new Cost(45 + 105 + 1_000, false));
    assertThat(scene.events())
        .filteredOn(RunEvent.ModelReplied.class::isInstance)
        .extracting(event -> ((RunEvent.ModelReplied) event).reply().usage().cost())
        .containsExactly(Cost.of(105), Cost.of(1_000));
  }

  @Test
  void a_failed_post_hook_begins_another_attempt_that_is_told_what_failed() {
    scene.processes.on(
        "tests",
        job ->
            scene.workspaces.files.getOrDefault("a.txt", "").equals("good")
                ? exits(0, "")
                : exits(1, "expected good"));
    model
        .at("T1", 1, 1, calls(write("c1", "a.txt", "bad"), finish("c2")))
        .at("T1", 2, 1, calls(write("c1", "a.txt", "good"), finish("c2")));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(state.tasks().getFirst().attempts()).isEqualTo(2);
    assertThat(scene.prompt(1)).contains("exit 1").contains("expected good");
  }

  @Test
  void when_all_attempts_fail_and_nobody_is_there_the_task_fails_and_the_next_one_goes_on() {
    scene.processes.on(
        "tests",
        job ->
            "T1".equals(job.environment().get("AGENT_RUNNER_TASK_ID"))
                ? exits(1, "no")
                : exits(0, ""));
    for (int attempt = 1; attempt <= 3; attempt++) {
      model.at("T1", attempt, 1, says("done"));
    }
    model.at("T2", 1, 1, says("done"));

    RunState state = scene.begin(plan(task("T1"), task("T2")));

    assertThat(state.status()).isEqualTo(RunStatus.FAILED);
    assertThat(statuses(state)).containsExactly(TaskStatus.FAILED, TaskStatus.COMPLETED);
    assertThat(state.tasks().getFirst().remark()).contains("3 attempts").contains("tests: exit 1");
  }

  @Test
  void a_person_may_grant_one_more_attempt() {
    scene.processes.on(
        "tests",
        job ->
            "4".equals(job.environment().get("AGENT_RUNNER_ATTEMPT"))
                ? exits(0, "")
                : exits(1, "no"));
    for (int attempt = 1; attempt <= 4; attempt++) {
      model.at("T1", attempt, 1, says("done"));
    }
    scene.answers.add(Decision.RETRY);

    assertThat(scene.begin(plan(task("T1"))).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.asked).hasSize(1);
  }

  @Test
  void tasks_that_need_a_failed_one_are_blocked_and_so_are_those_that_need_them() {
    scene.processes.on("tests", job -> exits(1, "no"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      model.at("T1", attempt, 1, says("done"));
    }

    RunState state = scene.begin(plan(task("T1"), task("T2", "T1"), task("T3", "T2")));

    assertThat(statuses(state))
        .containsExactly(TaskStatus.FAILED, TaskStatus.BLOCKED, TaskStatus.BLOCKED);
    assertThat(state.started().orElseThrow().reason()).isEqualTo("1 task failed, 2 blocked");
  }

  @Test
  void so_many_failures_in_a_row_end_the_run() {
    scene.processes.on("tests", job -> exits(1, "no"));
    for (String id : List.of("T1", "T2")) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        model.at(id, attempt, 1, says("done"));
      }
    }

    RunState state = scene.begin(plan(task("T1"), task("T2"), task("T3")));

    assertThat(statuses(state))
        .containsExactly(TaskStatus.FAILED, TaskStatus.FAILED, TaskStatus.PENDING);
    assertThat(state.started().orElseThrow().reason()).contains("fail-safe").contains("2 tasks");
  }

  @Test
  void a_failed_pre_hook_stops_the_run_when_nobody_is_there_and_is_tried_again_on_resume() {
    scene.processes.on("setup", job -> exits(3, "no database"));
    Plan plan = plan(task("T1", List.of("setup"), List.of(), Tasks.BOUNDS));

    RunState stopped = scene.begin(plan);

    assertThat(stopped.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(stopped.phase()).isEqualTo(Phase.WAITING_FOR_PERSON);
    assertThat(stopped.pause().orElseThrow().message()).contains("pre-hook setup: exit 3");

    scene.processes.on("setup", job -> exits(0, ""));
    model.at("T1", 1, 1, says("done"));
    assertThat(scene.resume(plan, stopped).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_person_may_leave_out_a_task_whose_ground_is_not_ready() {
    scene.processes.on("setup", job -> exits(3, "no database"));
    scene.answers.add(Decision.SKIP);

    RunState state = scene.begin(plan(task("T1", List.of("setup"), List.of(), Tasks.BOUNDS)));

    assertThat(statuses(state)).containsExactly(TaskStatus.SKIPPED);
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void the_configured_policy_answers_for_a_person_who_is_not_there() {
    scene.processes.on("setup", job -> exits(3, "no database"));
    Plan plan =
        Tasks.plan(
            new FailSafe(2, Optional.of(FailSafe.Unattended.SKIP)),
            AgentTools.specs(),
            task("T1", List.of("setup"), List.of(), Tasks.BOUNDS));

    assertThat(statuses(scene.begin(plan))).containsExactly(TaskStatus.SKIPPED);
  }

  @Test
  void a_call_that_failed_in_passing_is_made_again_after_a_wait() {
    model.at(
        "T1",
        1,
        1,
        fails(new ModelFailure.Transient("overloaded", Optional.of(Duration.ofSeconds(7)))),
        says("done"));
    var before = scene.clock.instant();

    assertThat(scene.begin(plan(task("T1"))).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(Duration.between(before, scene.clock.instant()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void a_provider_that_stays_down_stops_the_run_and_a_resume_tries_again() {
    model.at("T1", 1, 1, fails(new ModelFailure.Transient("overloaded", Optional.empty())));
    Plan plan = plan(task("T1"));

    RunState stopped = scene.begin(plan);

    assertThat(model.requests).hasSize(3);
    assertThat(stopped.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);

    model.at("T1", 1, 1, says("done"));
    assertThat(scene.resume(plan, stopped).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_used_up_quota_holds_the_run_until_it_is_back() {
    var back = scene.clock.instant().plus(Duration.ofHours(2));
    model.at("T1", 1, 1, fails(new ModelFailure.Window("5-hour limit", Optional.of(back))));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.phase()).isEqualTo(Phase.WAITING_FOR_QUOTA);
    assertThat(state.pause().orElseThrow().resumeAt()).contains(back);
  }

  @Test
  void a_refused_key_stops_the_run_without_another_try() {
    model.at("T1", 1, 1, fails(new ModelFailure.Denied("the key was refused")));

    RunState state = scene.begin(plan(task("T1"), task("T2")));

    assertThat(model.requests).hasSize(1);
    assertThat(state.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);
  }

  @Test
  void a_first_request_that_can_never_work_fails_the_task_at_once() {
    model.at("T1", 1, 1, fails(new ModelFailure.Unusable("prompt is too long")));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(model.requests).hasSize(1);
    assertThat(statuses(state)).containsExactly(TaskStatus.FAILED);
  }

  @Test
  void an_agent_that_does_not_come_to_an_end_is_cut_off_at_its_turns() {
    Bounds bounds = new Bounds(1, 3, 10_000, Duration.ofMinutes(10));
    for (int turn = 1; turn <= 3; turn++) {
      model.at("T1", 1, turn, calls(call("c", "list_files", Map.of())));
    }

    RunState state = scene.begin(plan(task("T1", List.of(), List.of("tests"), bounds)));

    assertThat(state.tasks().getFirst().remark()).contains("within 3 turns");
    assertThat(scene.processes.jobs).isEmpty();
  }

  @Test
  void tokens_and_time_bound_an_attempt_too() {
    model.at("T1", 1, 1, calls(call("c", "list_files", Map.of())));
    Bounds few = new Bounds(1, 3, 15, Duration.ofMinutes(10));
    assertThat(scene.begin(plan(task("T1", List.of(), List.of(), few))).tasks().getFirst().remark())
        .contains("within 15 tokens");

    var slow = new Scene();
    slow.model.at("T1", 1, 1, calls(call("c", "list_files", Map.of())));
    slow.onAsk = () -> slow.clock.advance(Duration.ofMinutes(11));
    assertThat(
            slow.begin(
                    plan(
                        task(
                            "T1",
                            List.of(),
                            List.of(),
                            new Bounds(1, 3, 99, Duration.ofMinutes(10)))))
                .tasks()
                .getFirst()
                .remark())
        .contains("within 600 s");
  }

  @Test
  void a_reply_cut_at_the_output_limit_is_continued() {
    model
        .at("T1", 1, 1, reply(Stop.OUTPUT_LIMIT, new Part.Text("I will n")))
        .at("T1", 1, 2, says("done"));

    scene.begin(plan(task("T1")));

    assertThat(model.requests.getLast().messages().getLast())
        .isInstanceOfSatisfying(Message.User.class, u -> assertThat(u.text()).contains("cut off"));
  }

  @Test
  void an_empty_reply_is_not_sent_back_but_asked_about() {
    model.at("T1", 1, 1, reply(Stop.END)).at("T1", 1, 2, says("done"));

    scene.begin(plan(task("T1")));

    assertThat(model.requests.getLast().messages())
        .hasSize(2)
        .allMatch(Message.User.class::isInstance);
  }

  @Test
  void a_refusal_ends_the_attempt() {
    model
        .at("T1", 1, 1, reply(Stop.REFUSED))
        .at("T1", 2, 1, reply(Stop.REFUSED, new Part.Text("I can")))
        .at("T1", 3, 1, says("done"));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.tasks().getFirst().attempts()).isEqualTo(3);
    assertThat(scene.prompt(1)).contains("the model refused");
  }

  @Test
  void a_paused_turn_is_sent_back_as_it_is() {
    model.at("T1", 1, 1, reply(Stop.PAUSED, new Part.Text("…"))).at("T1", 1, 2, says("done"));

    scene.begin(plan(task("T1")));

    assertThat(model.requests.getLast().messages().getLast()).isInstanceOf(Message.Assistant.class);
  }

  @Test
  void parallel_calls_are_answered_together_in_their_order() {
    scene.workspaces.files.put("a.txt", "A");
    model
        .at(
            "T1",
            1,
            1,
            calls(
                call("c1", "read_file", Map.of("path", "a.txt")),
                call("c2", "read_file", Map.of("path", "b.txt"))))
        .at("T1", 1, 2, says("done"));

    scene.begin(plan(task("T1")));

    assertThat(model.requests.getLast().messages().getLast())
        .isInstanceOfSatisfying(
            Message.Results.class,
            results -> {
              assertThat(results.results()).extracting(r -> r.callId()).containsExactly("c1", "c2");
              assertThat(results.results())
                  .extracting(r -> r.failed())
                  .containsExactly(false, true);
            });
  }

  @Test
  void finishing_in_one_breath_with_a_call_that_failed_does_not_count() {
    model
        .at("T1", 1, 1, calls(edit("c1", "none.txt", "a", "b"), finish("c2")))
        .at("T1", 1, 2, calls(finish("c3")));

    scene.begin(plan(task("T1")));

    assertThat(model.requests).hasSize(2);
  }

  @Test
  void what_the_model_gets_wrong_is_told_to_it_and_never_thrown() {
    model
        .at(
            "T1",
            1,
            1,
            calls(
                call("c1", "no_such_tool", Map.of()),
                call("c2", "read_file", Map.of()),
                call("c3", "read_file", Map.of("path", List.of())),
                new ToolCall("c4", "write_file", new ToolCall.Broken("{\"pa", "unfinished")),
                new ToolCall("c5", "finish", new ToolCall.Broken("{", "unfinished")),
                call("c6", "read_file", Map.of("path", "../secret")),
                call("c7", "read_file", Map.of("path", "x", "from_line", "many"))))
        .at("T1", 1, 2, says("done"));

    assertThat(scene.begin(plan(task("T1"))).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(model.requests.getLast().messages().getLast())
        .isInstanceOfSatisfying(
            Message.Results.class,
            results -> assertThat(results.results()).hasSize(7).allMatch(r -> r.failed()));
  }

  @Test
  void a_task_without_post_hooks_is_done_but_not_verified() {
    model.at("T1", 1, 1, says("done"));

    RunState state = scene.begin(plan(task("T1", List.of(), List.of(), Tasks.BOUNDS)));

    TaskState done = state.tasks().getFirst();
    assertThat(done.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(done.verified()).isFalse();
  }

  @Test
  void a_stop_leaves_the_run_to_be_resumed_from_the_last_reply() {
    model.at("T1", 1, 1, calls(write("c1", "a.txt", "one"))).at("T1", 1, 2, says("done"));
    Plan plan = plan(task("T1"));
    scene.onAsk =
        () -> {
          if (model.requests.size() == 2) {
            scene.stop.request();
          }
        };

    RunState stopped = scene.begin(plan);
    assertThat(stopped.phase()).isEqualTo(Phase.PAUSED);
    scene.onAsk = () -> {};
    RunState state = scene.resume(plan, stopped);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(model.requests).extracting(r -> r.call().turn()).containsOnlyOnce(1);
  }

  @Test
  void a_folder_that_is_not_there_stops_the_run_with_the_reason() {
    scene.workspaces.missing = true;
    model.at("T1", 1, 1, calls(call("c1", "list_files", Map.of())));

    RunState state = scene.begin(plan(task("T1")));

    assertThat(state.pause().orElseThrow().reason()).isEqualTo(PauseReason.ENVIRONMENT);
    assertThat(state.pause().orElseThrow().message()).contains("no such folder");
  }

  @Test
  void a_finished_run_stays_finished() {
    model.at("T1", 1, 1, says("done"));
    Plan plan = plan(task("T1"));
    RunState state = scene.begin(plan);

    assertThat(state.next(plan, scene.clock.instant()))
        .isInstanceOf(dev.agentrunner.core.run.Step.End.class);
    assertThat(scene.events()).last().isInstanceOf(RunEvent.RunCompleted.class);
  }

  private static List<TaskStatus> statuses(RunState state) {
    return state.tasks().stream().map(TaskState::status).toList();
  }
}
