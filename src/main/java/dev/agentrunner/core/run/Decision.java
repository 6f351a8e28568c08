package dev.agentrunner.core.run;

/** An answer to an {@link Escalation}. */
public enum Decision {
  /** Once more: the hook, or one more attempt. */
  RETRY,
  /** Leave the task out and go on with the others. */
  SKIP,
  /** Leave the task as failed and go on with the others. */
  FAIL,
  /** Set the task aside, go on with those that do not need it, and ask again later. */
  PARK,
  /** Stop the run here; it can be resumed. */
  ABORT
}
