package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import java.util.Optional;

/**
 * How a task's folder looked.
 *
 * @param first before its first attempt
 * @param last the last checkpoint that still tells how the folder looks
 * @param after the end of its last attempt that came to one
 * @param restored whether the folder was put back to {@code first} as the task was given up
 */
public record TaskCheckpoints(
    Optional<TreeId> first, Optional<Taken> last, Optional<TreeId> after, boolean restored) {

  public static final TaskCheckpoints NONE =
      new TaskCheckpoints(Optional.empty(), Optional.empty(), Optional.empty(), false);

  /** A checkpoint by its place in the run. */
  public record Taken(int attempt, Moment when) {}

  /** Whether a checkpoint was taken before an attempt or after it. */
  public enum Moment {
    BEFORE,
    AFTER
  }

  boolean has(int attempt, Moment when) {
    return last.equals(Optional.of(new Taken(attempt, when)));
  }

  TaskCheckpoints with(CheckpointTaken taken) {
    boolean before = taken.when() == Moment.BEFORE;
    return new TaskCheckpoints(
        before && taken.attempt() == 1 ? Optional.of(taken.tree()) : first,
        Optional.of(new Taken(taken.attempt(), taken.when())),
        before ? after : Optional.of(taken.tree()),
        false);
  }

  /** Something may have changed the folder since. */
  TaskCheckpoints stale() {
    return last.isEmpty() ? this : new TaskCheckpoints(first, Optional.empty(), after, restored);
  }

  /** The run stood still: what was taken before an attempt that did not begin is to be renewed. */
  TaskCheckpoints resumed() {
    return new TaskCheckpoints(
        first,
        last.map(taken ->
            taken.when() == Moment.BEFORE ? new Taken(taken.attempt() - 1, Moment.AFTER) : taken),
        after,
        restored);
  }

  /** What is next is not known to follow on what was last. */
  TaskCheckpoints reopened() {
    return new TaskCheckpoints(first, Optional.empty(), after, false);
  }

  TaskCheckpoints putBack() {
    return new TaskCheckpoints(first, last, after, true);
  }
}
