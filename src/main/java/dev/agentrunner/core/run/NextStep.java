package dev.agentrunner.core.run;

import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what comes next in a run; a pure function spelled as an object, so that its parts can be
 * named.
 */
final class NextStep {

  private final RunState state;
  private final Plan plan;
  private final Instant now;
  private final InFlight inFlight;

  NextStep(RunState state, Plan plan, Instant now, InFlight inFlight) {
    this.state = state;
    this.plan = plan;
    this.now = now;
    this.inFlight = inFlight;
  }

  Step decide() {
    if (state.status() != RunStatus.RUNNING || state.pause().isPresent()) {
      return new Step.End();
    }
    TaskStates tasks = state.tasks();
    if (tasks.firstOpen() == tasks.size()) {
      return Step.Note.of(verdict());
    }
    Agenda agenda = new Agenda(tasks, plan);
    Optional<TaskState> first = agenda.first();
    if (first.isEmpty()) {
      return Position.pause(
          PauseReason.NEEDS_PERSON, agenda.questions().orElse(""), Optional.empty());
    }
    return decide(first.get(), false);
  }

  /**
   * What comes next for one task that can be worked on.
   *
   * @param apart whether it would get a worktree
   */
  Step decide(TaskState task, boolean apart) {
    if (state.status() != RunStatus.RUNNING || state.pause().isPresent()) {
      return new Step.End();
    }
    if (task.status() == TaskStatus.PENDING) {
      FailSafe failSafe = plan.settings().failSafe();
      if (state.failuresInARow() >= failSafe.consecutiveFailuresMax()) {
        return Step.Note.of(
            new RunEvent.RunFailed(
                "the fail-safe stopped the run: %s in a row failed"
                    .formatted(count(state.failuresInARow(), "task"))));
      }
      return takeUp(plan.task(task.id()), apart);
    }
    return goOn(task, plan.task(task.id()));
  }

  private RunEvent verdict() {
    int failed = 0;
    int blocked = 0;
    for (TaskState task : state.tasks()) {
      failed += task.status() == TaskStatus.FAILED ? 1 : 0;
      blocked += task.status() == TaskStatus.BLOCKED ? 1 : 0;
    }
    // A task blocked by one that was left out on purpose is not a failure of the run.
    return failed == 0
        ? new RunEvent.RunCompleted()
        : new RunEvent.RunFailed(
            count(failed, "task") + " failed" + (blocked == 0 ? "" : ", " + blocked + " blocked"));
  }

  private static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  private Step takeUp(Task task, boolean apart) {
    for (TaskId needed : task.dependsOn()) {
      if (state.tasks().has(needed) && blocks(state.tasks().task(needed).status())) {
        return Step.Note.of(new RunEvent.TaskBlocked(task.id(), needed));
      }
    }
    return Step.Note.of(new RunEvent.TaskStarted(task.id(), apart));
  }

  private boolean blocks(TaskStatus needed) {
    boolean passedOver =
        needed == TaskStatus.SKIPPED && !plan.settings().failSafe().skippedBlocks();
    return needed != TaskStatus.COMPLETED && !passedOver;
  }

  private Step goOn(TaskState at, Task task) {
    Position place = new Position(state, plan, now, at, task, inFlight);
    Step due = due(place);
    return at.lessons()
        .leaving()
        .map(reason -> new SkipStep(place).insteadOf(due, reason))
        .orElse(due);
  }

  private static Step due(Position place) {
    TaskState at = place.at();
    if (at.worktree().filter(own -> own.base().isEmpty()).isPresent()) {
      return new Step.OpenWorktree(at.id());
    }
    Stage stage =
        at.stage().orElseThrow(() -> new IllegalStateException("running nowhere: " + at.id()));
    return switch (stage) {
      case Stage.Preparing preparing -> prepare(place, preparing);
      case Stage.Ready(Optional<Setback> setback) -> attempt(place, setback);
      case Stage.Talking(Conversation talk) -> new TalkStep(place).next(talk);
      case Stage.Judging judging -> new JudgeStep(place).next(judging);
      case Stage.Asking(Escalation asked, Optional<Decision> answer, var back) ->
          answer
              .map(decision -> heed(place, asked, decision))
              .orElseGet(() -> new Step.AskPerson(asked));
      case Stage.Delivering delivering -> new JudgeStep(place).next(delivering);
    };
  }

  private static Step prepare(Position place, Stage.Preparing preparing) {
    HookLine line = HookLine.before(place);
    return preparing
        .failed()
        .map(result ->
            line.beforeItCounts(preparing.passed())
                .orElseGet(() -> unprepared(place, line, preparing.passed(), result)))
        .or(() -> line.next(preparing.passed()))
        .or(() -> HookLine.after(place).baseline())
        .orElseGet(() -> open(place, place.at().attempts() + 1, Optional.empty()));
  }

  private static Step unprepared(Position place, HookLine line, int passed, HookResult result) {
    TaskId task = place.task().id();
    String name = line.hook(passed).map(id -> " " + id).orElse("");
    String reason = "pre-hook%s: %s".formatted(name, result.verdict());
    return line.consequence(passed) == Consequence.BLOCK
        ? place.over(new RunEvent.TaskFailed(task, reason))
        : Step.Note.of(
            new RunEvent.EscalationRaised(
                task,
                new Escalation(
                    task, Escalation.Cause.PRE_HOOK, reason + Position.tail(result.output()))));
  }

  /** Opens an attempt, once it is known how the folder looks before it. */
  private static Step open(Position place, int attempt, Optional<Setback> setback) {
    TaskState at = place.at();
    ProviderChain chain = place.chain();
    return chain
        .open()
        .map(provider ->
            place
                .checkpoint(attempt, Moment.BEFORE)
                .orElseGet(() -> new Step.OpenAttempt(at.id(), attempt, provider, setback)))
        .orElseGet(() ->
            Position.pause(
                chain.opensAt().isPresent() ? PauseReason.QUOTA : PauseReason.ENVIRONMENT,
                "no provider is left to work on " + at.id(),
                chain.opensAt()));
  }

  private static Step attempt(Position place, Optional<Setback> setback) {
    TaskState at = place.at();
    Task task = place.task();
    boolean ended = at.checkpoints().has(at.attempts() + 1, Moment.BEFORE);
    // An attempt that never came to be judged is looked at too: the next one, or the next task,
    // begins with what it left.
    Optional<Step> end =
        ended
            ? Optional.empty()
            : place.guard().or(() -> place.checkpoint(at.attempts(), Moment.AFTER));
    if (end.isPresent()) {
      return end.get();
    }
    Optional<Step> misfit = MergeStep.question(at, setback);
    if (misfit.isPresent()) {
      return misfit.get();
    }
    if (at.attempts() >= task.bounds().attempts() + at.granted()) {
      return giveUp(
          place,
          Escalation.Cause.ATTEMPTS_USED_UP,
          count(at.attempts(), "attempt") + ", none passed",
          setback);
    }
    return ended
        ? open(place, at.attempts() + 1, setback)
        : setback
            .flatMap(one -> at.lessons().trial(at, one))
            .flatMap(last -> at.lessons().standstill(last))
            .map(why -> giveUp(place, Escalation.Cause.NO_PROGRESS, why, setback))
            .orElseGet(() -> open(place, at.attempts() + 1, setback));
  }

  private static Step giveUp(
      Position place, Escalation.Cause cause, String why, Optional<Setback> setback) {
    TaskId task = place.task().id();
    return Step.Note.of(
        new RunEvent.EscalationRaised(
            task,
            new Escalation(
                task,
                cause,
                "%s; the last: %s".formatted(why, setback.map(Setback::reason).orElse("unknown"))
                    + Position.tail(setback.map(Setback::detail).orElse("")))));
  }

  private static Step heed(Position place, Escalation asked, Decision decision) {
    TaskState at = place.at();
    String what = asked.summary().lines().findFirst().orElse("");
    return switch (decision) {
      case RETRY -> throw new IllegalStateException("a retry leaves the question behind");
      case PARK -> throw new IllegalStateException("a parked task is not worked on");
      case SKIP ->
          asked.cause() == Escalation.Cause.PUSH_IN_DOUBT
              ? Step.Note.of(
                  new RunEvent.GitDeclined(
                      at.id(), at.attempts(), GitStep.PUSH, "it was chosen not to push again"))
              : place.over(new RunEvent.TaskSkipped(asked.task(), what));
      case FAIL -> place.over(new RunEvent.TaskFailed(asked.task(), what));
      case ABORT ->
          Step.Note.of(
              new RunEvent.RunPaused(
                  PauseReason.NEEDS_PERSON, asked.task() + ": " + what, Optional.empty()));
    };
  }
}
