package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunCanceled;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunFailed;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.RunResumed;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a run is, as lists and filters show it: what its events say in one line. Written in the
 * same transaction as the events.
 *
 * @param reason why it ended or stands still; empty if there is none to tell
 * @param due when to go on by itself, if it waits for a time
 */
public record RunMark(RunStatus status, RunPhase phase, String reason, Optional<Instant> due) {

  /** Before the first event. */
  public static final RunMark QUEUED =
      new RunMark(RunStatus.QUEUED, RunPhase.DISPATCHING, "", Optional.empty());

  /**
   * The mark after one more event.
   *
   * @throws IllegalStateException if the run is over already: nothing follows that
   */
  public RunMark after(RunEvent event) {
    if (status.isFinal()) {
      throw new IllegalStateException("a run that is %s has no further events".formatted(status));
    }
    return switch (event) {
      case RunStarted _ -> at(RunStatus.RUNNING, RunPhase.EXECUTING, "", Optional.empty());
      case RunResumed _ -> at(status, RunPhase.EXECUTING, "", Optional.empty());
      case RunPaused(var why, String message, Optional<Instant> until) ->
          at(
              status,
              switch (why) {
                case QUOTA -> RunPhase.WAITING_FOR_QUOTA;
                case NEEDS_PERSON -> RunPhase.WAITING_FOR_PERSON;
                case INTERRUPTED, BUDGET, ENVIRONMENT -> RunPhase.PAUSED;
              },
              message,
              until);
      case RunCompleted() -> over(RunStatus.COMPLETED, "");
      case RunFailed(String why) -> over(RunStatus.FAILED, why);
      case RunCanceled(String why) -> over(RunStatus.CANCELED, why);
      default -> this;
    };
  }

  private static RunMark at(
      RunStatus status, RunPhase phase, String reason, Optional<Instant> due) {
    return new RunMark(status, phase, reason, due);
  }

  private static RunMark over(RunStatus status, String reason) {
    return new RunMark(status, RunPhase.OVER, reason, Optional.empty());
  }
}
