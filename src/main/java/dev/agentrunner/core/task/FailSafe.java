package dev.agentrunner.core.task;

import java.util.Optional;

/**
 * When to stop before more is spent.
 *
 * @param consecutiveFailuresMax so many tasks failing in a row end the run; positive
 * @param unattended what becomes of a question when nobody is there to answer it; empty for what
 *     suits the question: a failed pre-hook stops the run, used-up attempts fail the task
 * @param skippedBlocks whether tasks that need one that was left out are blocked
 */
public record FailSafe(
    int consecutiveFailuresMax,
    Optional<Unattended> unattended,
    Baseline baseline,
    boolean skippedBlocks) {

  /** One that does not look beforehand. */
  public FailSafe(int consecutiveFailuresMax, Optional<Unattended> unattended) {
    this(consecutiveFailuresMax, unattended, Baseline.OFF, true);
  }

  /** The answer given to an escalation that no person can see. */
  public enum Unattended {
    /** Stop the run; it can be resumed. */
    ABORT,
    /** Set the task aside, go on with those that do not need it, and stop for the answer then. */
    PARK,
    /** Leave the task out and go on. */
    SKIP,
    /** Count the task as failed and go on. */
    FAIL
  }

  public FailSafe {
    if (consecutiveFailuresMax < 1) {
      throw new IllegalArgumentException("at least one failure must be allowed");
    }
  }
}
