package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.RunEvent.TamperFound;
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
    Optional<TreeId> first,
    Optional<Taken> last,
    Optional<TreeId> after,
    boolean restored,
    Guarded guarded) {

  public static final TaskCheckpoints NONE =
      new TaskCheckpoints(
          Optional.empty(), Optional.empty(), Optional.empty(), false, Guarded.NOTHING);

  /**
   * How far it was looked for tampering.
   *
   * @param attempts all up to this one have been looked at, and what was to be put back is
   * @param found by the last attempt at which something was found
   */
  public record Guarded(int attempts, Optional<TamperFound> found) {

    public static final Guarded NOTHING = new Guarded(0, Optional.empty());

    /** What was found of {@code attempt}; it may not be put back yet. */
    public Optional<TamperFound> of(int attempt) {
      return found.filter(one -> one.attempt() == attempt);
    }
  }

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
        false,
        before ? guarded : new Guarded(taken.attempt(), guarded.found()));
  }

  /** Something may have changed the folder since. */
  TaskCheckpoints stale() {
    return last.isEmpty() ? this : with(Optional.empty());
  }

  /** The run stood still: what was taken before an attempt that did not begin is to be renewed. */
  TaskCheckpoints resumed() {
    return with(
        last.map(taken ->
            taken.when() == Moment.BEFORE ? new Taken(taken.attempt() - 1, Moment.AFTER) : taken));
  }

  /**
   * What others did was put under the task's work.
   *
   * @param below how the folder would look without that work
   * @param written whether the folder looks otherwise now
   */
  TaskCheckpoints broughtUp(TreeId below, boolean written) {
    return new TaskCheckpoints(
        first.map(_ -> below), written ? Optional.empty() : last, after, restored, guarded);
  }

  private TaskCheckpoints with(Optional<Taken> latest) {
    return new TaskCheckpoints(first, latest, after, restored, guarded);
  }

  /** What is next is not known to follow on what was last. */
  TaskCheckpoints reopened() {
    return new TaskCheckpoints(first, Optional.empty(), after, false, guarded);
  }

  TaskCheckpoints putBack() {
    return new TaskCheckpoints(first, last, after, true, guarded);
  }

  TaskCheckpoints finding(TamperFound found) {
    return new TaskCheckpoints(
        first, last, after, restored, new Guarded(guarded.attempts(), Optional.of(found)));
  }
}
