package dev.agentrunner.engine;

import static dev.agentrunner.testing.ScriptedModel.calls;
import static dev.agentrunner.testing.ScriptedModel.edit;
import static dev.agentrunner.testing.ScriptedModel.fails;
import static dev.agentrunner.testing.ScriptedModel.finish;
import static dev.agentrunner.testing.ScriptedModel.says;
import static dev.agentrunner.testing.ScriptedModel.write;
import static dev.agentrunner.testing.ScriptedProcesses.exits;
import static dev.agentrunner.testing.Tasks.delivered;
import static dev.agentrunner.testing.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.MergeEnd;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.Allowance;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.testing.MemoryEventLog;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LanesTest {

  private final Scene scene = new Scene();

  private static Plan plan(int jobs, Task... tasks) {
    return Tasks.withJobs(jobs, Tasks.plan(AgentTools.specs(), tasks));
  }

  private static TaskStatus status(RunState state, String task) {
    return state.tasks().task(new TaskId(task)).status();
  }

  private <T extends RunEvent> List<T> events(Class<T> type) {
    return scene.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<MergeEnd> mergesOf(String task) {
    return events(RunEvent.MergeEnded.class).stream()
        .filter(event -> event.task().value().equals(task))
        .map(RunEvent.MergeEnded::end)
        .toList();
  }

  /** Has each of the first calls of the model wait until so many are being made. */
  private void meet(int parties) {
    CyclicBarrier barrier = new CyclicBarrier(parties);
    CountDownLatch first = new CountDownLatch(parties);
    scene.onAsk =
        () -> {
          if (first.getCount() > 0) {
            first.countDown();
            await(barrier);
          }
        };
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void sayDone(String... tasks) {
    for (String task : tasks) {
      scene.model.at(task, 1, 1, calls(write("w", task + ".txt", task + "\n"), finish("f")));
    }
  }

  @Test
  void independent_tasks_are_worked_on_at_once_and_all_of_their_work_is_in_the_folder() {
    sayDone("T1", "T2");
    meet(2);

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.workspaces.files)
        .containsEntry("T1.txt", "T1\n")
        .containsEntry("T2.txt", "T2\n");
    assertThat(scene.workspaces.worktrees()).isEmpty();
  }

  @Test
  void whoever_is_merged_second_is_judged_once_more_together_with_the_first() {
    sayDone("T1", "T2");
    meet(2);
    List<String> judged = new ArrayList<>();
    scene.processes.on(
        "tests",
        job -> {
          judged.add(job.folder());
          return exits(0, "ok");
        });

    scene.begin(plan(2, task("T1"), task("T2")));

    String second = scene.worktrees.landed.getLast();
    assertThat(judged.stream().filter(folder -> folder.endsWith(second))).hasSize(2);
    assertThat(judged).hasSize(3).allMatch(folder -> folder.startsWith("/worktrees/"));
    assertThat(mergesOf(second)).containsExactly(MergeEnd.CAUGHT_UP, MergeEnd.MERGED);
    assertThat(mergesOf(scene.worktrees.landed.getFirst())).containsExactly(MergeEnd.MERGED);
  }

  @Test
  void a_task_that_needs_another_begins_with_what_that_one_merged() {
    sayDone("T1", "T2");
    scene.model.at("T3", 1, 1, calls(edit("e", "T1.txt", "T1", "seen"), finish("f")));

    RunState state = scene.begin(plan(4, task("T1"), task("T2"), task("T3", "T1")));

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.workspaces.files).containsEntry("T1.txt", "seen\n");
  }

  @Test
  void never_more_tasks_are_under_way_than_there_are_jobs() {
    sayDone("T1", "T2", "T3", "T4");
    scene.begin(plan(2, task("T1"), task("T2"), task("T3"), task("T4")));

    int underway = 0;
    for (RunEvent event : scene.events()) {
      underway += event instanceof RunEvent.TaskStarted ? 1 : 0;
      underway -= event instanceof RunEvent.TaskCompleted ? 1 : 0;
      assertThat(underway).isBetween(0, 2);
    }
  }

  private void bothWriteTheSameFile() {
    scene.workspaces.files.put("a.txt", "old\n");
    for (String task : List.of("T1", "T2")) {
      scene.model.at(task, 1, 1, calls(edit("e", "a.txt", "old", "by " + task), finish("f")));
    }
    meet(2);
  }

  @Test
  void a_conflict_goes_back_to_the_agent_who_can_settle_it() {
    bothWriteTheSameFile();
    for (String task : List.of("T1", "T2")) {
      scene.model.at(task, 2, 1, calls(write("w", "b.txt", "settled\n"), finish("g")));
    }

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    String second = scene.worktrees.landed.getLast();
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(mergesOf(second)).containsExactly(MergeEnd.CONFLICT, MergeEnd.MERGED);
    assertThat(scene.model.requests)
        .filteredOn(request -> request.call().attempt() == 2)
        .first()
        .extracting(request -> request.messages().getFirst().toString())
        .asString()
        .contains("does not fit", "a.txt");
    assertThat(scene.workspaces.files.get("a.txt")).contains("<<<<<<<", "by " + second);
  }

  @Test
  void a_second_conflict_goes_to_a_person_and_without_one_the_task_fails() {
    bothWriteTheSameFile();
    for (String task : List.of("T1", "T2")) {
      scene.model.at(task, 2, 1, calls(write("w", "b.txt", "again\n"), finish("g")));
    }
    // The person edits the same file whenever the agent has settled the conflict.
    scene.processes.on(
        "tests",
        job -> {
          boolean settled = scene.workspaces.allFiles().containsKey(job.folder() + "/b.txt");
          if (settled) {
            scene.workspaces.files.put("a.txt", "the person's\n");
          }
          return exits(0, "ok");
        });

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    assertThat(scene.asked).extracting(Escalation::cause).containsExactly(Escalation.Cause.MERGE);
    assertThat(state.status()).isEqualTo(RunStatus.FAILED);
    assertThat(scene.workspaces.files).containsEntry("a.txt", "the person's\n");
    assertThat(scene.workspaces.worktrees()).isEmpty();
  }

  @Test
  void
      gates_that_are_red_after_the_merge_are_told_to_the_agent_and_nothing_red_reaches_the_folder() {
    sayDone("T1", "T2");
    meet(2);
    for (String task : List.of("T1", "T2")) {
      scene.model.at(task, 2, 1, calls(write("w", "fixed.txt", "x\n"), finish("g")));
    }
    scene.processes.on(
        "tests",
        job -> {
          Map<String, String> files = scene.workspaces.allFiles();
          boolean both =
              files.containsKey(job.folder() + "/T1.txt")
                  && files.containsKey(job.folder() + "/T2.txt");
          boolean fixed = files.containsKey(job.folder() + "/fixed.txt");
          return both && !fixed ? exits(1, "they clash") : exits(0, "ok");
        });

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    String second = scene.worktrees.landed.getLast();
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(events(RunEvent.AttemptFailed.class))
        .extracting(RunEvent.AttemptFailed::reason)
        .containsExactly("together with what other tasks did meanwhile, post-hook tests: exit 1");
    assertThat(mergesOf(second)).containsExactly(MergeEnd.CAUGHT_UP, MergeEnd.MERGED);
    assertThat(scene.workspaces.files).containsKeys("T1.txt", "T2.txt", "fixed.txt");
  }

  @Test
  void what_a_person_changes_while_files_are_written_is_not_lost() {
    sayDone("T1");
    AtomicBoolean meanwhile = new AtomicBoolean();
    scene.worktrees.onLand =
        () -> {
          if (!meanwhile.getAndSet(true)) {
            scene.workspaces.files.put("T1.txt", "the person's\n");
          }
        };
    scene.model.at("T1", 2, 1, calls(write("w", "T1.txt", "both\n"), finish("g")));

    RunState state = scene.begin(plan(2, task("T1")));

    assertThat(mergesOf("T1"))
        .containsExactly(MergeEnd.OVERTAKEN, MergeEnd.CONFLICT, MergeEnd.MERGED);
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.workspaces.files).containsEntry("T1.txt", "both\n");
  }

  @Test
  void work_is_committed_in_the_order_it_is_merged() {
    sayDone("T1", "T2");
    meet(2);

    scene.begin(
        plan(
            2,
            delivered(task("T1"), CommitAfter.ATTEMPT, false),
            delivered(task("T2"), CommitAfter.TASK, false)));

    assertThat(scene.git.commits)
        .extracting(order -> order.changes().getFirst().path())
        .containsExactlyElementsOf(scene.worktrees.landed.stream().map(id -> id + ".txt").toList());
    assertThat(scene.git.commits).allMatch(order -> order.changes().size() == 1);
  }

  @Test
  void calls_under_way_count_against_the_budget_of_the_run() {
    for (String task : List.of("T1", "T2", "T3")) {
      scene.model.at(task, 1, 1, says("done"));
    }
    CountDownLatch asked = new CountDownLatch(2);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(asked);
        };
    Plan plan = plan(3, task("T1"), task("T2"), task("T3"));
    Budget.Caps two =
        new Budget.Caps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(2));
    Plan bounded =
        new Plan(
            plan.tasks(),
            plan.settings()
                .allowing(new Allowance(Map.of(), new Budget(two, Budget.NONE.task()), true)),
            plan.system(),
            plan.tools());

    RunState state = scene.begin(bounded);

    assertThat(scene.model.requests).hasSize(2);
    assertThat(state.pause().orElseThrow().reason()).isEqualTo(PauseReason.BUDGET);
    assertThat(state.tasks()).filteredOn(task -> task.status() == TaskStatus.COMPLETED).hasSize(2);
  }

  @Test
  void failures_in_a_row_are_counted_over_all_tasks() {
    for (String task : List.of("T1", "T2", "T3", "T4")) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        scene.model.at(task, attempt, 1, fails(new ModelFailure.Unusable("no")));
      }
    }
    meet(2);

    RunState state =
        scene.begin(
            Tasks.withJobs(
                2,
                Tasks.plan(
                    new FailSafe(2, Optional.empty()),
                    AgentTools.specs(),
                    task("T1"),
                    task("T2"),
                    task("T3"),
                    task("T4"))));

    assertThat(state.status()).isEqualTo(RunStatus.FAILED);
    assertThat(status(state, "T4")).isEqualTo(TaskStatus.PENDING);
    assertThat(state.failuresInARow()).isGreaterThanOrEqualTo(2);
  }

  private RunState stoppedWithTwoUnderWay(Plan plan) {
    CyclicBarrier both = new CyclicBarrier(2);
    scene.onAsk =
        () -> {
          if (!scene.stop.requested()) {
            await(both);
            scene.stop.request();
          }
        };
    RunState stopped = scene.begin(plan);
    scene.onAsk = () -> {};
    return stopped;
  }

  @Test
  void a_stop_waits_for_nobody_and_all_of_the_tasks_go_on_when_the_run_is_resumed() {
    sayDone("T1", "T2", "T3");
    Plan plan = plan(2, task("T1"), task("T2"), task("T3"));
    RunState stopped = stoppedWithTwoUnderWay(plan);
    assertThat(stopped.pause().orElseThrow().reason()).isEqualTo(PauseReason.INTERRUPTED);
    assertThat(stopped.tasks()).filteredOn(task -> task.status() == TaskStatus.RUNNING).hasSize(2);

    RunState state = scene.resume(plan, stopped);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.workspaces.files).containsKeys("T1.txt", "T2.txt", "T3.txt");
    assertThat(scene.workspaces.worktrees()).isEmpty();
  }

  @Test
  void tasks_in_worktrees_go_on_there_one_after_the_other_when_resumed_with_one_job() {
    sayDone("T1", "T2", "T3");
    Plan plan = plan(2, task("T1"), task("T2"), task("T3"));
    RunState stopped = stoppedWithTwoUnderWay(plan);

    RunState state = scene.resume(Tasks.withJobs(1, plan), stopped);

    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(scene.worktrees.landed).containsExactlyInAnyOrder("T1", "T2");
    assertThat(scene.workspaces.files).containsKeys("T1.txt", "T2.txt", "T3.txt");
  }

  @Test
  void the_first_task_under_way_is_skipped_by_key_and_the_others_go_on() {
    sayDone("T1", "T2");
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicBoolean done = new AtomicBoolean();
    scene.onAsk =
        () -> {
          await(both);
          if (!done.getAndSet(true)) {
            scene.steering.skip();
          }
          await(both);
        };

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    assertThat(status(state, "T1")).isEqualTo(TaskStatus.SKIPPED);
    assertThat(status(state, "T2")).isEqualTo(TaskStatus.COMPLETED);
    assertThat(scene.workspaces.files).containsOnlyKeys("T2.txt");
    assertThat(scene.workspaces.worktrees()).isEmpty();
  }

  @Test
  void one_person_is_asked_one_question_at_a_time() {
    for (String task : List.of("T1", "T2")) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        scene.model.at(task, attempt, 1, says("done"));
      }
    }
    scene.processes.on("tests", job -> exits(1, job.folder() + System.identityHashCode(job)));
    AtomicBoolean asked = new AtomicBoolean();
    scene.person =
        question -> {
          assertThat(asked.getAndSet(true)).isFalse();
          asked.set(false);
          return Optional.of(Decision.SKIP);
        };

    RunState state = scene.begin(plan(2, task("T1"), task("T2")));

    assertThat(scene.asked).hasSize(2);
    assertThat(state.tasks()).allMatch(task -> task.status() == TaskStatus.SKIPPED);
  }

  @Test
  void with_one_job_the_events_are_those_of_a_run_without_worktrees() {
    sayDone("T1", "T2");
    scene.begin(plan(1, task("T1"), task("T2")));
    List<Recorded> one = scene.log.all(Scene.RUN);

    assertThat(one)
        .extracting(Recorded::event)
        .noneMatch(event ->
            event instanceof RunEvent.WorktreeOpened
                || event instanceof RunEvent.MergeStarted
                || (event instanceof RunEvent.TaskStarted started && started.apart()));
  }

  @Test
  void a_log_that_cannot_be_written_ends_all_lanes() {
    sayDone("T1", "T2");
    scene.log =
        new MemoryEventLog() {
          @Override
          public synchronized void append(RunId run, List<Recorded> events) {
            if (events.stream().anyMatch(one -> one.event() instanceof RunEvent.ModelAsked)) {
              throw new EventLog.LostRunException("another run began");
            }
            super.append(run, events);
          }
        };

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> scene.begin(plan(2, task("T1"), task("T2")))))
        .isInstanceOf(EventLog.LostRunException.class);
  }
}
