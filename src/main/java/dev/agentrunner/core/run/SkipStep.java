package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.TaskCompleted;
import dev.agentrunner.core.run.RunEvent.TaskSkipped;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.Task;
import java.time.Instant;
import java.util.Optional;

/** What comes next when somebody wants the task under way left alone. */
public record SkipStep(Plan plan, String reason) {

  /**
   * Until the task is over, each call tells one more step.
   *
   * @param at the task under way; nothing it began may be open
   */
  public Step next(RunState state, TaskState at, Instant now) {
    Step due = state.next(plan, now);
    if (due instanceof Step.Note(var events) && events.getLast() instanceof TaskCompleted) {
      return due; // The wish came too late: it is done, and perhaps committed.
    }
    Task task = plan.task(at.id());
    Position place = new Position(state, plan, now, at, task);
    Optional<Step> kept =
        at.attempts() == 0 || at.checkpoints().restored()
            ? Optional.empty()
            : place.checkpoint(at.attempts(), Moment.AFTER);
    return kept.or(place::putBack).orElseGet(() -> Step.Note.of(new TaskSkipped(at.id(), reason)));
  }
}
