package dev.agentrunner.core.task;

import java.util.Optional;

/**
 * What becomes of work, once it is there.
 *
 * @param push whether what was committed is pushed at once
 * @param proposed whether it is done in a copy of the folder and only shown; nothing of it goes
 *     into git then
 * @param worktree the one it is done in, as an absolute path; empty if that is not so
 */
public record Delivery(
    CommitAfter commitAfter, boolean push, boolean proposed, Optional<String> worktree) {

  /** Nothing goes into git. */
  public static final Delivery NONE = new Delivery(CommitAfter.OFF, false);

  /** The work is shown and kept as a diff. */
  public static final Delivery PROPOSED = new Delivery(CommitAfter.OFF, false, true);

  /** Work in the folder itself. */
  public Delivery(CommitAfter commitAfter, boolean push) {
    this(commitAfter, push, false);
  }

  public Delivery(CommitAfter commitAfter, boolean push, boolean proposed) {
    this(commitAfter, push, proposed, Optional.empty());
  }

  Delivery in(String place) {
    return new Delivery(commitAfter, push, proposed, Optional.of(place));
  }

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
