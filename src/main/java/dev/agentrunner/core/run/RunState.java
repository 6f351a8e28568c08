package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Usage;
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
import java.util.function.UnaryOperator;

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
   */
  public record Start(
      Instant at, String list, String provider, String model, String version, String reason) {

    Start ended(String why) {
      return new Start(at, list, provider, model, version, why);
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
    return new NextStep(this, plan, now).decide();
  }

  /**
   * What was begun and has not ended, as the events that say so; a resumed run begins with them.
   */
  public List<StepInterrupted> openSteps() {
    List<StepInterrupted> open = new ArrayList<>();
    for (int i = tasks.firstOpen(); i < tasks.size(); i++) {
      TaskState task = tasks.get(i);
      if (task.status() == TaskStatus.PENDING) {
        break; // Tasks are taken up in order: behind the first pending one nothing has begun.
      }
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
              case INTERRUPTED, ENVIRONMENT -> Phase.PAUSED;
            })
        .orElse(Phase.EXECUTING);
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
            new Start(when, start.list(), start.provider(), start.model(), start.version(), "")),
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
                    .kept(task.checkpoints().resumed()));
      } else if (task.status() == TaskStatus.PENDING) {
        break; // Tasks are taken up in order: behind the first pending one nothing has begun.
      }
    }
    return with(RunStatus.RUNNING, Optional.empty(), now).closing(List.of());
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
    return switch (event) {
      case RunEvent.TaskStarted(TaskId id) -> change(id, task -> task.started(when));
      case RunEvent.TaskCompleted e ->
          over(e.task(), TaskStatus.COMPLETED, e.summary(), e.verified(), when);
      case RunEvent.TaskFailed e -> over(e.task(), TaskStatus.FAILED, e.reason(), false, when);
      case RunEvent.TaskSkipped e -> over(e.task(), TaskStatus.SKIPPED, e.reason(), false, when);
      case RunEvent.TaskBlocked e ->
          over(e.task(), TaskStatus.BLOCKED, "needs " + e.by(), false, when);
      case RunEvent.LimitReached e -> close(e.provider(), Optional.of(e.resetsAt()));
      case RunEvent.ProviderLost e -> close(e.provider(), e.until());
      case RunEvent.EscalationRaised e -> change(e.task(), task -> task.at(asking(task, e)));
      case RunEvent.PersonAnswered e -> change(e.task(), task -> answered(task, e.decision()));
      case RunEvent.OfAttempt ofAttempt -> foldAttempt(ofAttempt, when);
    };
  }

  private static Stage asking(TaskState task, RunEvent.EscalationRaised raised) {
    Stage back =
        switch (stage(task)) {
          case Stage.Preparing(int passed, var open, var failed) ->
              new Stage.Preparing(passed, Optional.empty(), Optional.empty());
          case Stage.Delivering delivering -> delivering.at(Delivered.PUSH_DUE);
          case Stage other -> other;
        };
    return new Stage.Asking(raised.escalation(), Optional.empty(), back);
  }

  private static TaskState answered(TaskState task, Decision decision) {
    if (!(stage(task) instanceof Stage.Asking(Escalation asked, var ignored, Stage back))) {
      throw new IllegalStateException("an answer to no question: " + task.id());
    }
    if (decision != Decision.RETRY) {
      return task.at(new Stage.Asking(asked, Optional.of(decision), back));
    }
    TaskState again = task.at(back);
    return asked.cause() == Escalation.Cause.ATTEMPTS_USED_UP ? again.granting(1) : again;
  }

  private RunState foldAttempt(RunEvent.OfAttempt event, Instant when) {
    return switch (event) {
      case RunEvent.AttemptStarted e ->
          change(
              e.task(),
              task ->
                  task.attempting(
                      e.attempt(),
                      new Stage.Talking(
                          Conversation.opening(
                              e.provider(), e.model(), e.session(), e.prompt(), when))));
      case RunEvent.AgentFinished e ->
          change(
              e.task(),
              task ->
                  task.at(new Stage.Judging(e.summary(), 0, Optional.empty(), Optional.empty())));
      case RunEvent.AttemptFailed e -> change(e.task(), task -> task.at(setBack(task, e)));
      case RunEvent.CheckpointTaken e ->
          change(e.task(), task -> task.kept(task.checkpoints().with(e)));
      case RunEvent.FolderRestored e ->
          change(e.task(), task -> task.kept(task.checkpoints().putBack()));
      case RunEvent.HookStarted e ->
          change(
              e.task(),
              task ->
                  task.at(opened(stage(task), Optional.of(e.hook())))
                      .kept(task.checkpoints().stale()));
      case RunEvent.HookEnded e -> change(e.task(), task -> task.at(hookEnded(task, e.result())));
      case RunEvent.ModelAsked e -> talk(e, Conversation::asking);
      case RunEvent.ModelReplied e ->
          remember(e.task(), e.reply().echo())
              .talk(e, talk -> talk.hearing(e.reply()))
              .spending(e.task(), e.reply().usage());
      case RunEvent.ModelFailed e ->
          remember(e.task(), e.session())
              .talk(e, talk -> talk.failing(e, when))
              .spending(e.task(), e.usage());
      case RunEvent.ProviderSwitched e ->
          talk(e, talk -> talk.movedTo(e.provider(), e.model(), e.fresh()));
      case RunEvent.ToolCalled e -> talk(e, talk -> talk.calling(e));
      case RunEvent.ApprovalRequested e -> talk(e, talk -> talk.requesting(e, when));
      case RunEvent.ApprovalGiven e -> consent(e, when);
      case RunEvent.ToolReturned e -> talk(e, talk -> talk.answering(e.result()));
      case RunEvent.EditApplied e -> talk(e, talk -> talk.answering(e.result()));
      case RunEvent.EditRefused e -> talk(e, talk -> talk.answering(e.result()));
      case RunEvent.GitCommitting e -> deliver(e, at -> at.at(Delivered.COMMITTING));
      case RunEvent.GitCommitted e -> deliver(e, at -> at.committed(e.branch()));
      case RunEvent.GitPushing e -> deliver(e, at -> at.at(Delivered.PUSHING));
      case RunEvent.GitPushed e -> deliver(e, at -> at.at(Delivered.OVER));
      case RunEvent.GitDeclined e -> deliver(e, at -> at.at(Delivered.OVER));
      case RunEvent.StepInterrupted e ->
          change(e.task(), task -> task.at(opened(stage(task), Optional.empty())));
    };
  }

  private RunState consent(RunEvent.ApprovalGiven given, Instant when) {
    RunState heard = talk(given, talk -> talk.consenting(given, when));
    if (given.consent().word() != Consent.Word.ALWAYS) {
      return heard;
    }
    Set<String> rules = new LinkedHashSet<>(granted);
    if (stage(heard.tasks.task(given.task())) instanceof Stage.Talking(Conversation talk)) {
      talk.approval().ifPresent(approval -> rules.addAll(approval.requested().rules()));
    }
    return new RunState(
        run,
        seq,
        at,
        status,
        started,
        pause,
        heard.tasks,
        failuresInARow,
        List.copyOf(rules),
        usage,
        closed);
  }

  private RunState deliver(RunEvent.OfAttempt event, UnaryOperator<Stage.Delivering> change) {
    return change(
        event.task(), task -> task.at(change.apply(delivering(stage(task), event.type()))));
  }

  private static Stage.Delivering delivering(Stage stage, String type) {
    return switch (stage) {
      case Stage.Judging judged -> new Stage.Delivering(judged, Delivered.COMMIT_DUE, "");
      case Stage.Delivering delivering -> delivering;
      case Stage.Asking(var asked, var answer, Stage.Delivering back) -> back;
      case Stage other -> throw new IllegalStateException(type + " while " + other);
    };
  }

  private static Stage setBack(TaskState task, RunEvent.AttemptFailed failed) {
    Optional<HookResult> gate =
        switch (stage(task)) {
          case Stage.Judging judged -> judged.failed();
          case Stage.Delivering delivering -> delivering.judged().failed();
          case Stage other -> Optional.empty();
        };
    String detail = gate.map(HookResult::output).orElse("");
    return new Stage.Ready(Optional.of(new Setback(failed.reason(), detail)));
  }

  private static Stage opened(Stage stage, Optional<HookId> open) {
    return switch (stage) {
      case Stage.Preparing(int passed, Optional<HookId> was, Optional<HookResult> failed) ->
          new Stage.Preparing(passed, open, failed);
      case Stage.Judging(
              String summary,
              int passed,
              Optional<HookId> was,
              Optional<HookResult> failed) ->
          new Stage.Judging(summary, passed, open, failed);
      case Stage.Talking(Conversation talk) ->
          open.isPresent() ? stage : new Stage.Talking(talk.interrupted());
      case Stage.Delivering delivering -> delivering.interrupted();
      case Stage.Ready ready -> ready;
      case Stage.Asking asking -> asking;
    };
  }

  private static Stage hookEnded(TaskState task, HookResult result) {
    if (result.end() instanceof HookResult.Interrupted) {
      return opened(stage(task), Optional.empty());
    }
    int more = result.passed() ? 1 : 0;
    Optional<HookResult> failed = result.passed() ? Optional.empty() : Optional.of(result);
    return switch (stage(task)) {
      case Stage.Preparing(int passed, var open, var before) ->
          new Stage.Preparing(passed + more, Optional.empty(), failed);
      case Stage.Judging(String summary, int passed, var open, var before) ->
          new Stage.Judging(summary, passed + more, Optional.empty(), failed);
      case Stage other -> throw new IllegalStateException("a hook ended while " + other);
    };
  }

  private RunState talk(RunEvent.OfAttempt event, UnaryOperator<Conversation> change) {
    return change(
        event.task(),
        task -> {
          if (stage(task) instanceof Stage.Talking(Conversation talk)) {
            return task.at(new Stage.Talking(change.apply(talk)));
          }
          throw new IllegalStateException(event.type() + " outside of a conversation");
        });
  }

  private RunState over(TaskId id, TaskStatus end, String words, boolean verified, Instant when) {
    int failures =
        switch (end) {
          case FAILED -> failuresInARow + 1;
          case COMPLETED -> 0;
          case SKIPPED, BLOCKED, PENDING, RUNNING -> failuresInARow;
        };
    RunState changed = change(id, task -> task.over(end, words, verified, when));
    return new RunState(
        run, seq, at, status, started, pause, changed.tasks, failures, granted, usage, closed);
  }

  private RunState spending(TaskId id, Usage more) {
    RunState changed = change(id, task -> task.spending(more));
    return new RunState(
        run,
        seq,
        at,
        status,
        started,
        pause,
        changed.tasks,
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

  /** Keeps what stands for the whole conversation, so that the next attempt can go on with it. */
  private RunState remember(TaskId id, Optional<Echo> echo) {
    return echo.filter(Echo::whole)
        .map(whole ->
            change(
                id,
                task ->
                    stage(task) instanceof Stage.Talking(Conversation talk)
                        ? task.remembering(new Session(talk.provider(), talk.model(), whole))
                        : task))
        .orElse(this);
  }

  private RunState change(TaskId id, UnaryOperator<TaskState> change) {
    return with(status, pause, tasks.with(change.apply(tasks.task(id))));
  }

  private RunState with(RunStatus status, Optional<RunPaused> pause, TaskStates tasks) {
    return new RunState(
        run, seq, at, status, started, pause, tasks, failuresInARow, granted, usage, closed);
  }

  private static Stage stage(TaskState task) {
    return task.stage()
        .orElseThrow(() -> new IllegalStateException("the task is not running: " + task.id()));
  }
}
