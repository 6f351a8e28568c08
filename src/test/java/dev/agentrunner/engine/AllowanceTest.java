package dev.agentrunner.engine;

import static dev.agentrunner.core.limit.Quota.Measure.REQUESTS;
import static dev.agentrunner.core.limit.Quota.Measure.TOKENS;
import static dev.agentrunner.core.limit.Quota.Start.ROLLING;
import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.Tasks.task;
import static dev.agentrunner.testing.Tasks.withFallback;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.limit.Budget.Caps;
import dev.agentrunner.core.limit.ModelPrice;
import dev.agentrunner.core.limit.Quota;
import dev.agentrunner.core.limit.TokenRates;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Allowance;
import dev.agentrunner.core.task.RateLimits;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the user lets a run spend. */
class AllowanceTest {

  private final Scene scene = new Scene();
  private final Instant began = scene.clock.instant();

  private static Plan plan(Allowance allowance, Task... tasks) {
    Plan plan = Tasks.plan(AgentTools.specs(), tasks);
    return new Plan(plan.tasks(), plan.settings().allowing(allowance), plan.system(), plan.tools());
  }

  private static Allowance limited(Quota... quotas) {
    return new Allowance(Map.of("scripted", new RateLimits(List.of(quotas), 0)), Budget.NONE, true);
  }

  private static Allowance budget(Caps run, Caps task) {
    return new Allowance(Map.of(), new Budget(run, task), true);
  }

  private static Caps free() {
    return new Caps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Caps ofCalls(int calls) {
    return new Caps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(calls));
  }

  private static Quota requests(long max, Duration span) {
    return new Quota(REQUESTS, max, span, ROLLING);
  }

  private void twoTasksOfTwoCalls() {
    for (String task : List.of("T1", "T2")) {
      scene
          .model
          .at(task, 1, 1, calls(write("w", task + ".txt", "A")))
          .at(task, 1, 2, says("done"));
    }
  }

  // Rate limits

  @Test
  void a_quota_of_ones_own_holds_the_run_until_it_is_back() {
    twoTasksOfTwoCalls();
    Plan plan = plan(limited(requests(3, Duration.ofHours(1))), task("T1"), task("T2"));

    RunState held = scene.begin(plan);

    assertThat(scene.model.requests).hasSize(3);
    assertThat(held.pause().orElseThrow().reason()).isEqualTo(PauseReason.QUOTA);
    assertThat(held.pause().orElseThrow().message()).contains("3 requests per hour");
    assertThat(held.pause().orElseThrow().resumeAt()).contains(began.plus(Duration.ofHours(1)));
    scene.clock.advance(Duration.ofHours(1));
    assertThat(scene.resume(plan, held).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.model.requests).as("no call was made twice").hasSize(4);
  }

  @Test
  void a_short_wait_is_waited_out() {
    twoTasksOfTwoCalls();

    RunState state =
        scene.begin(plan(limited(requests(1, Duration.ofMinutes(1))), task("T1"), task("T2")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.clock.instant()).isEqualTo(began.plus(Duration.ofMinutes(3)));
    assertThat(scene.events())
        .noneMatch(event ->
            event instanceof RunEvent.LimitReached || event instanceof RunEvent.ModelFailed);
  }

  @Test
  void the_estimate_is_booked_before_the_call_and_the_truth_after_it() {
    twoTasksOfTwoCalls();
    scene.onAsk = () -> assertThat(scene.quotas.spent().getLast().tokens()).isGreaterThan(500);

    scene.begin(
        plan(limited(new Quota(TOKENS, 1_000_000, Duration.ofHours(1), ROLLING)), task("T1")));

    assertThat(scene.quotas.spent()).extracting(spent -> spent.tokens()).containsExactly(15L, 15L);
  }

  @Test
  void another_provider_stands_in_while_the_quota_is_used_up() {
    scene.model.at("T1", 1, 1, calls(write("w", "a.txt", "A"))).at("T1", 1, 2, says("done"));

    RunState state =
        scene.begin(
            plan(limited(requests(1, Duration.ofHours(1))), withFallback(task("T1"), "second")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.providersAsked).containsExactly("scripted", "second");
  }

  @Test
  void a_call_that_failed_counts_as_a_request() {
    scene.model.at("T1", 1, 1, fails(new ModelFailure.Denied("no credit")));

    scene.begin(plan(limited(requests(9, Duration.ofHours(1))), task("T1")));

    assertThat(scene.quotas.spent()).extracting(spent -> spent.tokens()).containsExactly(0L);
  }

  @Test
  void a_reply_is_not_lost_over_its_count() {
    scene.model.at("T1", 1, 1, says("done"));
    scene.onAsk = () -> scene.quotas.broken = true;

    RunState state = scene.begin(plan(limited(requests(9, Duration.ofHours(1))), task("T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.quotas.spent()).as("the estimate stands").hasSize(1);
  }

  // Budgets

  @Test
  void the_runs_budget_stops_it_before_the_call_that_is_too_many() {
    twoTasksOfTwoCalls();

    RunState stopped = scene.begin(plan(budget(ofCalls(3), free()), task("T1"), task("T2")));
    RunState raised =
        scene.resume(plan(budget(ofCalls(4), free()), task("T1"), task("T2")), stopped);

    assertThat(stopped.pause().orElseThrow().reason()).isEqualTo(PauseReason.BUDGET);
    assertThat(stopped.pause().orElseThrow().message()).contains("3 calls", "budget.run_calls");
    assertThat(raised.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.model.requests).hasSize(4);
  }

  @Test
  void the_tasks_budget_ends_the_task_and_not_the_run() {
    twoTasksOfTwoCalls();
    scene.model.at("T2", 1, 1, says("done"));

    RunState state = scene.begin(plan(budget(free(), ofCalls(1)), task("T1"), task("T2")));

    assertThat(state.tasks().get(0).status()).isEqualTo(TaskStatus.FAILED);
    assertThat(state.tasks().get(0).remark()).contains("1 call ", "budget.task_calls");
    assertThat(state.tasks().get(1).status()).isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void money_and_tokens_are_reserved_before_they_are_spent() {
    twoTasksOfTwoCalls();
    scene.model.price =
        Optional.of(
            new ModelPrice(
                new TokenRates(
                    new BigDecimal("1000"),
                    new BigDecimal("1000"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));
    Caps money =
        new Caps(Optional.of(1_000_000L), Optional.empty(), Optional.empty(), Optional.empty());
    Caps tokens = new Caps(Optional.empty(), Optional.of(500L), Optional.empty(), Optional.empty());

    RunState poor = scene.begin(plan(budget(money, free()), task("T1")));
    RunState short_ = new Scene().begin(plan(budget(tokens, free()), task("T1")));

    assertThat(poor.pause().orElseThrow().message()).contains("1.00 USD", "budget.run_usd");
    assertThat(scene.model.requests).as("the second would cost dollars").hasSize(1);
    assertThat(short_.pause().orElseThrow().message()).contains("budget.run_tokens");
  }

  @Test
  void time_at_work_counts_and_time_that_the_run_stood_still_does_not() {
    twoTasksOfTwoCalls();
    Caps twentyMinutes =
        new Caps(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Duration.ofMinutes(20)),
            Optional.empty());
    Plan plan = plan(budget(twentyMinutes, free()), task("T1"), task("T2"));
    scene.onAsk =
        () -> {
          scene.clock.advance(Duration.ofMinutes(3));
          if (scene.model.requests.size() == 2) {
            scene.stop.request();
          }
        };

    RunState stopped = scene.begin(plan);
    scene.clock.advance(Duration.ofDays(1));
    RunState resumed = scene.resume(plan, stopped);

    assertThat(stopped.pause().orElseThrow().reason()).isEqualTo(PauseReason.INTERRUPTED);
    assertThat(resumed.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(resumed.spending(scene.clock.instant()).time()).isEqualTo(Duration.ofMinutes(15));
  }
}
