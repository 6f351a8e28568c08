package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.TaskCompleted;
import dev.agentrunner.core.run.RunEvent.TaskSkipped;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import java.util.Optional;

/** What comes next when somebody wants the task under way left alone. */
record SkipStep(Position place) {

  /**
   * Until the task is over, each call tells one more step.
   *
   * @param due what would come next otherwise
   */
  Step insteadOf(Step due, String reason) {
    if (due instanceof Step.OpenWorktree) {
      return due; // What else is to be done for it is done there.
    }
    TaskState at = place.at();
    boolean done =
        due instanceof Step.Note(var events) && events.getLast() instanceof TaskCompleted;
    if (done || at.worktree().filter(Worktree::isMerged).isPresent()) {
      return due; // The wish came too late: it is done, and perhaps committed.
    }
    Optional<Step> kept =
        at.attempts() == 0 || at.checkpoints().restored()
            ? Optional.empty()
            : place.checkpoint(at.attempts(), Moment.AFTER);
    return kept.orElseGet(() -> place.over(new TaskSkipped(at.id(), reason)));
  }
}
