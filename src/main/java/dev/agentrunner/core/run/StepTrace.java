package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.run.RunEvent.OfAttempt;
import dev.agentrunner.core.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a step leaves in the log.
 *
 * @param begins events it begins with, one after the other; empty for a step that leaves nothing
 * @param goesOn what may follow of it
 */
record StepTrace(List<Predicate<RunEvent>> begins, Predicate<RunEvent> goesOn) {

  StepTrace {
    begins = List.copyOf(begins);
  }

  private static boolean nothing(RunEvent event) {
    return false;
  }

  private static StepTrace of(Predicate<RunEvent> only) {
    return new StepTrace(List.of(only), StepTrace::nothing);
  }

  static StepTrace of(Step step) {
    return switch (step) { // no default: a new kind of step must be met here before it compiles
      case Step.Note(List<RunEvent> events) -> new StepTrace(exactly(events), StepTrace::nothing);
      case Step.TakeCheckpoint s ->
          of(event ->
              event instanceof RunEvent.CheckpointTaken e
                  && e.task().equals(s.task())
                  && e.attempt() == s.attempt()
                  && e.when() == s.when());
      case Step.GuardChecks s ->
          new StepTrace(
              List.of(event ->
                  (event instanceof RunEvent.TamperFound e && isOf(s.task(), s.attempt(), e))
                      || isCheckpoint(s, event)),
              event -> isCheckpoint(s, event));
      case Step.RestoreFolder s ->
          of(event ->
              event instanceof RunEvent.FolderRestored e
                  && e.task().equals(s.task())
                  && e.tree().equals(s.tree()));
      case Step.RunHook s ->
          new StepTrace(
              List.of(event ->
                  event instanceof RunEvent.HookStarted e
                      ? isOf(s.task(), s.attempt(), e)
                          && e.stage() == s.stage()
                          && e.hook().equals(s.hook())
                      : skips(s, event)),
              event ->
                  event instanceof RunEvent.HookEnded e
                      && e.task().equals(s.task())
                      && e.stage() == s.stage()
                      && e.hook().equals(s.hook()));
      case Step.OpenAttempt s ->
          of(event ->
              event instanceof RunEvent.AttemptStarted e
                  && e.task().equals(s.task())
                  && e.attempt() == s.attempt()
                  && e.provider().equals(s.provider()));
      case Step.SwitchProvider s -> switching(s);
      case Step.AskModel s ->
          new StepTrace(
              List.of(event ->
                  event.equals(new RunEvent.ModelAsked(s.task(), s.attempt(), s.turn()))
                      || isHeld(s, event)),
              event ->
                  switch (event) {
                    case RunEvent.ModelReplied e -> e.turn() == s.turn();
                    case RunEvent.ModelFailed e -> e.turn() == s.turn();
                    default -> false;
                  });
      case Step.CallTool s -> calling(s.call().id());
      case Step.AskApproval s ->
          new StepTrace(
              List.of(event ->
                  event instanceof RunEvent.ApprovalRequested e
                      ? e.callId().equals(s.call().id())
                      : s.open().isPresent() && settles(event)),
              StepTrace::settles);
      case Step.Commit s ->
          new StepTrace(
              List.of(event ->
                  event instanceof RunEvent.GitCommitting e && isOf(s.task(), s.attempt(), e)),
              event -> event instanceof RunEvent.GitCommitted || declines(event, GitStep.COMMIT));
      case Step.Push s ->
          new StepTrace(
              List.of(event ->
                  event instanceof RunEvent.GitPushing e
                      ? isOf(s.task(), s.attempt(), e)
                      : declines(event, GitStep.PUSH)),
              event -> event instanceof RunEvent.GitPushed || declines(event, GitStep.PUSH));
      case Step.AskPerson(Escalation asked) ->
          of(event -> event instanceof RunEvent.PersonAnswered e && e.task().equals(asked.task()));
      case Step.OpenWorktree s ->
          of(event -> event instanceof RunEvent.WorktreeOpened e && e.task().equals(s.task()));
      case Step.Merge s -> merging(s);
      case Step.AwaitTurn _, Step.WaitUntil _, Step.End() ->
          new StepTrace(List.of(), StepTrace::nothing);
    };
  }

  private static StepTrace merging(Step.Merge step) {
    Predicate<RunEvent> ends =
        event -> event instanceof RunEvent.MergeEnded e && isOf(step.task(), step.attempt(), e);
    return new StepTrace(
        List.of(event ->
            step.begun().isPresent()
                ? ends.test(event)
                : event instanceof RunEvent.MergeStarted e && isOf(step.task(), step.attempt(), e)),
        ends);
  }

  /** The condition that the hook is bound to does not hold. */
  private static boolean skips(Step.RunHook step, RunEvent event) {
    return event instanceof RunEvent.HookSkipped e
        && isOf(step.task(), step.attempt(), e)
        && e.stage() == step.stage()
        && e.hook().equals(step.hook());
  }

  private static boolean isCheckpoint(Step.GuardChecks step, RunEvent event) {
    return event instanceof RunEvent.CheckpointTaken e
        && isOf(step.task(), step.attempt(), e)
        && e.when() == TaskCheckpoints.Moment.AFTER;
  }

  /** A limit of the user's own keeps the question from being asked. */
  private static boolean isHeld(Step.AskModel step, RunEvent event) {
    return event instanceof RunEvent.ModelFailed e
        && isOf(step.task(), step.attempt(), e)
        && e.turn() == step.turn()
        && e.failure() instanceof ModelFailure.Window;
  }

  private static List<Predicate<RunEvent>> exactly(List<RunEvent> events) {
    return events.stream().<Predicate<RunEvent>>map(event -> event::equals).toList();
  }

  private static StepTrace switching(Step.SwitchProvider step) {
    List<Predicate<RunEvent>> begins = new ArrayList<>(exactly(step.closing()));
    begins.add(event ->
        event instanceof RunEvent.ProviderSwitched e
            && isOf(step.task(), step.attempt(), e)
            && e.from().equals(step.from())
            && e.provider().equals(step.to())
            && e.fresh() == step.fresh());
    return new StepTrace(begins, StepTrace::nothing);
  }

  /**
   * A call that was cut off may be found to be done already, and leave for another call may not
   * hold for this one.
   */
  private static StepTrace calling(String callId) {
    return new StepTrace(
        List.of(event ->
            switch (event) {
              case RunEvent.ToolCalled e -> e.callId().equals(callId);
              case RunEvent.ApprovalRequested e -> e.callId().equals(callId);
              default -> ends(event, callId);
            }),
        event -> ends(event, callId));
  }

  private static boolean ends(RunEvent event, String callId) {
    return switch (event) {
      case RunEvent.ToolReturned e -> e.result().callId().equals(callId);
      case RunEvent.EditApplied e -> e.result().callId().equals(callId);
      case RunEvent.EditRefused e -> e.result().callId().equals(callId);
      default -> false;
    };
  }

  /** Whether it is what came of something, whatever that was. */
  static boolean isOutcome(RunEvent event) {
    return switch (event) {
      case RunEvent.HookEnded _,
          RunEvent.ModelReplied _,
          RunEvent.ModelFailed _,
          RunEvent.ToolReturned _,
          RunEvent.EditApplied _,
          RunEvent.EditRefused _,
          RunEvent.ApprovalGiven _,
          RunEvent.MergeEnded _,
          RunEvent.GitCommitted _,
          RunEvent.GitPushed _,
          RunEvent.GitDeclined _,
          RunEvent.TamperFound _ ->
          true;
      default -> false;
    };
  }

  /** A question about a tool call is answered, or the run stops for it. */
  private static boolean settles(RunEvent event) {
    return event instanceof RunEvent.RunPaused pause
        ? pause.reason() == PauseReason.NEEDS_PERSON
        : event instanceof RunEvent.ApprovalGiven;
  }

  private static boolean declines(RunEvent event, GitStep step) {
    return event instanceof RunEvent.GitDeclined e && e.step() == step;
  }

  private static boolean isOf(TaskId task, int attempt, OfAttempt event) {
    return event.task().equals(task) && event.attempt() == attempt;
  }
}
