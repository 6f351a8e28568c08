package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.RunResumed;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.run.Stage.Delivering.Delivered;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run's events add up to. {@link #after} is the only way it changes, so the same events give
 * the same state, on any machine, at any time.
 *
 * @param seq position of the last event; 0 before the first
 * @param at time of the last event; the epoch before the first
 * @param started the first event; empty before it
 * @param pause why the run stands still, if it does
 * @param failuresInARow tasks that failed since the last one that was completed
 * @param granted rules that a person gave on top of the configured ones, for this run
 * @param usage of all calls so far, those that failed included
 * @param closed providers that were found not to answer, until the run is resumed
 */
public record RunState(
    RunId run,
    long seq,
    Instant at,
    RunStatus status,
    Optional<Start> started,
    Optional<RunPaused> pause,
    TaskStates tasks,
    int failuresInARow,
    List<String> granted,
    Usage usage,
    List<Closed> closed) {

  public RunState {
    granted = List.copyOf(granted);
    closed = List.copyOf(closed);
  }

  /**
   * What the first event told, but for the tasks.
   *
   * @param reason why the run ended, once it did; may be empty
   * @param idle how long it stood still before it was gone on with
   */
  public record Start(
      Instant at,
      String list,
      String provider,
      String model,
      String version,
      String reason,
      Duration idle) {

    Start ended(String why) {
      return new Start(at, list, provider, model, version, why, idle);
    }

    Start idling(Duration more) {
      return new Start(at, list, provider, model, version, reason, idle.plus(more));
    }
  }

  public static RunState empty(RunId run) {
    return new RunState(
        run,
        0,
        Instant.EPOCH,
        RunStatus.QUEUED,
        Optional.empty(),
        Optional.empty(),
        TaskStates.NONE,
        0,
        List.of(),
        Usage.NONE,
        List.of());
  }

  /** What is to be done now. The same state, plan and time give the same step. */
  public Step next(Plan plan, Instant now) {
    return new NextStep(this, plan, now, InFlight.NOTHING).decide();
  }

  /** Tasks to be decided about, of which {@code jobs} can be worked on at once; in order. */
  public List<TaskState> atOnce(Plan plan, int jobs) {
    return new Agenda(tasks, plan).atOnce(jobs);
  }

  /**
   * What is to be done for one of the tasks {@link #atOnce}.
   *
   * @param apart whether it is to work in a worktree, if it is taken up
   * @param inFlight what was allowed to others, and is not counted yet
   */
  public Step next(TaskId task, Plan plan, Instant now, boolean apart, InFlight inFlight) {
    return new NextStep(this, plan, now, inFlight).decide(tasks.task(task), apart);
  }

  /**
   * What was begun and has not ended, as the events that say so; a resumed run begins with them.
   */
  public List<StepInterrupted> openSteps() {
    List<StepInterrupted> open = new ArrayList<>();
    for (int i = tasks.firstOpen(); i < tasks.size(); i++) {
      TaskState task = tasks.get(i);
      task.stage()
          .flatMap(RunState::openStep)
          .ifPresent(step -> open.add(new StepInterrupted(task.id(), task.attempts(), step)));
    }
    return open;
  }

  private static Optional<String> openStep(Stage stage) {
    return switch (stage) {
      case Stage.Preparing(int passed, Optional<HookId> open, var failed) ->
          open.map(hook -> "pre-hook " + hook);
      case Stage.Judging(var summary, int passed, Optional<HookId> open, var failed) ->
          open.map(hook -> "post-hook " + hook);
      case Stage.Talking(Conversation talk) ->
          talk.asked()
              ? Optional.of("question to " + talk.provider())
              : talk.begun().map(called -> "tool " + called.name());
      case Stage.Delivering(var judged, Delivered at, var branch) ->
          switch (at) {
            case COMMITTING -> Optional.of("commit");
            case PUSHING -> Optional.of("push");
            case COMMIT_DUE, PUSH_DUE, PUSH_IN_DOUBT, OVER -> Optional.empty();
          };
      case Stage.Ready(var setback) -> Optional.empty();
      case Stage.Asking(var escalation, var answer, var back) -> Optional.empty();
    };
  }

  public Phase phase() {
    if (status.isFinal()) {
      return Phase.OVER;
    }
    return pause
        .map(paused ->
            switch (paused.reason()) {
              case QUOTA -> Phase.WAITING_FOR_QUOTA;
              case NEEDS_PERSON -> Phase.WAITING_FOR_PERSON;
              case INTERRUPTED, ENVIRONMENT, BUDGET -> Phase.PAUSED;
            })
        .orElse(Phase.EXECUTING);
  }

  /** What it has taken so far, over all tasks. */
  public Budget.Spending spending(Instant now) {
    int calls = 0;
    for (TaskState task : tasks) {
      calls += task.work().calls();
    }
    Duration time =
        started
            .map(start -> Duration.between(start.at(), now).minus(start.idle()))
            .orElse(Duration.ZERO);
    return new Budget.Spending(usage, calls, time);
  }

  /**
   * This state with one more event.
   *
   * @throws IllegalStateException if the event cannot follow: it is not the next one, or speaks of
   *     what is not there
   */
  public RunState after(Recorded recorded) {
    if (recorded.seq() != seq + 1) {
      throw new IllegalStateException(
          "event %d cannot follow event %d".formatted(recorded.seq(), seq));
    }
    RunState folded = fold(recorded.event(), recorded.at());
    return new RunState(
        run,
        recorded.seq(),
        recorded.at(),
        folded.status,
        folded.started,
        folded.pause,
        folded.tasks,
        folded.failuresInARow,
        folded.granted,
        folded.usage,
        folded.closed);
  }

  private RunState fold(RunEvent event, Instant when) {
    return switch (event) {
      case RunStarted start -> begin(start, when);
      case RunResumed resumed -> resume(resumed, when);
      case RunEvent.RunWarned ignored -> this;
      case RunPaused paused -> with(status, Optional.of(paused), tasks);
      case RunEvent.RunCompleted() -> end(RunStatus.COMPLETED, "");
      case RunEvent.RunFailed(String reason) -> end(RunStatus.FAILED, reason);
      case RunEvent.RunCanceled(String reason) -> end(RunStatus.CANCELED, reason);
      case RunEvent.OfTask ofTask -> foldTask(ofTask, when);
    };
  }

  private RunState begin(RunStarted start, Instant when) {
    return new RunState(
        run,
        seq,
        at,
        RunStatus.RUNNING,
        Optional.of(
            new Start(
                when,
                start.list(),
                start.provider(),
                start.model(),
                start.version(),
                "",
                Duration.ZERO)),
        Optional.empty(),
        TaskStates.of(start.tasks().stream().map(TaskState::planned).toList()),
        0,
        List.of(),
        Usage.NONE,
        List.of());
  }

  private RunState resume(RunResumed resumed, Instant when) {
    Duration pause = Duration.between(at, when);
    TaskStates now = tasks;
    for (RunStarted.Planned changed : resumed.changed()) {
      TaskState task = now.task(changed.id()).redefined(changed);
      now =
          now.with(
              task.stage()
                  .map(stage -> task.at(ResumedStage.fromTheFirstHook(stage)))
                  .orElse(task));
    }
    for (int i = now.firstOpen(); i < now.size(); i++) {
      TaskState task = now.get(i);
      if (task.status() == TaskStatus.RUNNING && task.stage().isPresent()) {
        now =
            now.with(
                task.at(ResumedStage.after(pause, task.stage().get()))
                    .idling(pause)
                    .kept(task.checkpoints().resumed()));
      }
    }
    return new RunState(
        run,
        seq,
        at,
        RunStatus.RUNNING,
        started.map(start -> start.idling(pause)),
        Optional.empty(),
        now,
        failuresInARow,
        granted,
        usage,
        List.of());
  }

  private RunState end(RunStatus last, String reason) {
    return new RunState(
        run,
        seq,
        at,
        last,
        started.map(start -> start.ended(reason)),
        Optional.empty(),
        tasks,
        failuresInARow,
        granted,
        usage,
        closed);
  }

  private RunState foldTask(RunEvent.OfTask event, Instant when) {
    TaskState task = TaskFold.of(tasks.task(event.task()), event, when);
    RunState now = with(status, pause, tasks.with(task));
    return switch (event) {
      case RunEvent.TaskCompleted ignored -> now.failing(0);
      case RunEvent.TaskReopened ignored -> now.reopening();
      case RunEvent.TaskFailed ignored -> now.failing(failuresInARow + 1);
      case RunEvent.LimitReached e -> now.close(e.provider(), Optional.of(e.resetsAt()));
      case RunEvent.ProviderLost e -> now.close(e.provider(), e.until());
      case RunEvent.ModelReplied e -> now.spending(e.reply().usage());
      case RunEvent.ModelFailed e -> now.spending(e.usage());
      case RunEvent.ApprovalGiven e when e.consent().word() == Consent.Word.ALWAYS ->
          now.granting(task);
      default -> now;
    };
  }

  /** What was blocked may not be any more. */
  private RunState reopening() {
    TaskStates now = tasks;
    for (TaskState task : tasks) {
      if (task.status() == TaskStatus.BLOCKED) {
        now = now.with(task.reopened());
      }
    }
    return new RunState(
        run,
        seq,
        at,
        RunStatus.RUNNING,
        started.map(start -> start.ended("")),
        pause,
        now,
        0,
        granted,
        usage,
        closed);
  }

  private RunState granting(TaskState task) {
    Set<String> rules = new LinkedHashSet<>(granted);
    if (task.stage().orElse(null) instanceof Stage.Talking(Conversation talk)) {
      talk.approval().ifPresent(approval -> rules.addAll(approval.requested().rules()));
    }
    return new RunState(
        run,
        seq,
        at,
        status,
        started,
        pause,
        tasks,
        failuresInARow,
        List.copyOf(rules),
        usage,
        closed);
  }

  private RunState failing(int failures) {
    return new RunState(
        run, seq, at, status, started, pause, tasks, failures, granted, usage, closed);
  }

  private RunState spending(Usage more) {
    return new RunState(
        run,
        seq,
        at,
        status,
        started,
        pause,
        tasks,
        failuresInARow,
        granted,
        usage.plus(more),
        closed);
  }

  private RunState close(String provider, Optional<Instant> until) {
    List<Closed> now = new ArrayList<>(closed);
    now.removeIf(one -> one.provider().equals(provider));
    now.add(new Closed(provider, until));
    return closing(now);
  }

  private RunState closing(List<Closed> now) {
    return new RunState(
        run, seq, at, status, started, pause, tasks, failuresInARow, granted, usage, now);
  }

  private RunState with(RunStatus status, Optional<RunPaused> pause, TaskStates tasks) {
    return new RunState(
        run, seq, at, status, started, pause, tasks, failuresInARow, granted, usage, closed);
  }
}
