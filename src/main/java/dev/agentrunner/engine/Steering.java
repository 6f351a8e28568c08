package dev.agentrunner.engine;

import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.StopSignal;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody wants of a run while it goes on: to pause after the task under way, to leave that
 * task alone, not to wait any longer, to stop. Wishes come from any thread and cut short whatever
 * stands in their way, be it a hook, an agent or a pause; the engine heeds them between two steps.
 */
public final class Steering {

  private final StopSignal stop;
  private StopSignal step = new StopSignal();
  private Optional<TaskId> current = Optional.empty();
  private Optional<TaskId> skipped = Optional.empty();
  private Optional<Instant> due = Optional.empty();
  private Optional<Instant> reached = Optional.empty();
  private boolean pausing;
  private boolean standing;

  /**
   * @param stop ends the run in good order, whoever raises it
   */
  public Steering(StopSignal stop) {
    this.stop = stop;
    stop.onRequest(this::stopAll);
  }

  /**
   * How things stand, for whoever looks on.
   *
   * @param stopping whether the run is to stop
   * @param pausing whether it is to pause before the next task
   * @param standing whether it does so
   * @param skipping the task that is being left alone
   * @param due until when the run waits by itself
   */
  public record Course(
      boolean stopping,
      boolean pausing,
      boolean standing,
      Optional<TaskId> skipping,
      Optional<Instant> due) {

    /** Nobody wants anything. */
    public static final Course STRAIGHT =
        new Course(false, false, false, Optional.empty(), Optional.empty());
  }

  public synchronized Course course() {
    return new Course(
        stop.requested(),
        pausing,
        standing,
        current.isPresent() && current.equals(skipped) ? skipped : Optional.empty(),
        due);
  }

  /** Has the run pause before the next task, or no more, or go on if it does. */
  public synchronized void pause() {
    pausing = !pausing;
    notifyAll();
  }

  /** Has the task under way left alone; nothing, if there is none. */
  public void skip() {
    StopSignal cut;
    synchronized (this) {
      if (current.isEmpty()) {
        return;
      }
      skipped = current;
      cut = step;
    }
    cut.request();
  }

  /** Has the run try again now what it waits with; nothing, if it does not wait. */
  public void hurry() {
    StopSignal cut;
    synchronized (this) {
      if (due.isEmpty()) {
        return;
      }
      reached = due;
      cut = step;
    }
    cut.request();
  }

  private void stopAll() {
    StopSignal cut;
    synchronized (this) {
      cut = step;
      notifyAll();
    }
    cut.request();
  }

  /** A step is about to be done; what is returned cuts it short. */
  synchronized StopSignal begin(Step.Effect effect, Optional<TaskState> task) {
    current = task.map(TaskState::id);
    due = effect instanceof Step.WaitUntil wait ? Optional.of(wait.due()) : Optional.empty();
    if (step.requested() && !stop.requested()) {
      step = new StopSignal(); // It has cut what it was to cut.
    }
    return step;
  }

  synchronized void end() {
    due = Optional.empty();
  }

  synchronized boolean skips(TaskState task) {
    return skipped.equals(Optional.of(task.id()));
  }

  /** The time by which to decide: {@code now}, or, once, that of the pause that was cut short. */
  synchronized Instant time(Instant now) {
    Instant time = reached.filter(now::isBefore).orElse(now);
    reached = Optional.empty();
    return time;
  }

  synchronized boolean pauses() {
    return pausing;
  }

  /**
   * Returns when the run may go on.
   *
   * @return false if it is to stop instead
   */
  synchronized boolean standStill() {
    standing = true;
    try {
      while (pausing && !stop.requested()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      standing = false;
    }
    return !stop.requested();
  }
}
