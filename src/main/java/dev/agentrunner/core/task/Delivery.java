package dev.agentrunner.core.task;

/**
 * What becomes of work in git.
 *
 * @param push whether what was committed is pushed at once
 */
public record Delivery(CommitAfter commitAfter, boolean push) {

  /** Nothing goes into git. */
  public static final Delivery NONE = new Delivery(CommitAfter.OFF, false);

  /** When a commit is made. */
  public enum CommitAfter {
    /** Never. */
    OFF,
    /** Once a task is done. */
    TASK,
    /** Whenever the hooks have judged an attempt, whatever they say. */
    ATTEMPT
  }
}
