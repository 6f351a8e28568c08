package dev.agentrunner.core.run;

import java.util.Optional;

/** What comes next when the work in a worktree was found good. */
record MergeStep(Position place) {

  /** How often the agent is told before a person is. */
  private static final int RETURNS_MAX = 1;

  /** Empty once the work is in the user's folder, or was done there. */
  Optional<Step> due() {
    TaskState at = place.at();
    return at.worktree()
        .filter(own -> !own.isMerged())
        .map(own ->
            own.holdsTurn() || !isTaken()
                ? new Step.Merge(
                    at.id(),
                    at.attempts(),
                    own.base().orElseThrow(),
                    own.merge().filter(_ -> own.standing() == Worktree.Standing.MERGING))
                : new Step.AwaitTurn(at.id()));
  }

  /** Whether another task is at it; one that waits for a person lets the others pass. */
  private boolean isTaken() {
    for (TaskState other : place.state().tasks()) {
      if (!other.id().equals(place.at().id()) && isAtIt(other)) {
        return true;
      }
    }
    return false;
  }

  static boolean isAtIt(TaskState task) {
    return task.status() == TaskStatus.RUNNING
        && task.worktree().filter(Worktree::holdsTurn).isPresent()
        && !(task.stage().orElse(null) instanceof Stage.Asking);
  }

  /** What is asked of a person when the agent could not make it fit. */
  static Optional<Step> question(TaskState at, Optional<Setback> setback) {
    return at.worktree()
        .filter(own -> own.returned() > RETURNS_MAX)
        .map(_ ->
            Step.Note.of(
                new RunEvent.EscalationRaised(
                    at.id(),
                    new Escalation(
                        at.id(),
                        Escalation.Cause.MERGE,
                        "what it did does not fit what other tasks did, and the agent was told once; the last: %s"
                                .formatted(setback.map(Setback::reason).orElse("unknown"))
                            + Position.tail(setback.map(Setback::detail).orElse(""))))));
  }
}
