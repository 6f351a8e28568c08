package dev.agentrunner.engine;

import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.StopSignal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody wants of a run while it goes on: to pause after the tasks under way, to leave the
 * first of them alone, not to wait any longer, to stop. Wishes come from any thread and cut short
 * whatever stands in their way, be it a hook, an agent or a pause; the engine heeds them between
 * two steps.
 */
public final class Steering {

  private final StopSignal stop;
  private final Map<Optional<TaskId>, Doing> doing = new HashMap<>();
  private final Map<Optional<TaskId>, Instant> reached = new HashMap<>();
  private final Set<TaskId> skipped = new HashSet<>();
  private Optional<TaskId> current = Optional.empty();
  private final List<Word> words = new ArrayList<>();
  private boolean pausing;
  private boolean standing;

  /**
   * A step that is being done.
   *
   * @param due until when it waits, if it does nothing else
   */
  private record Doing(StopSignal cut, Optional<Instant> due) {}

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
   * @param due until when the run waits by itself; the earliest time, if several tasks do
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
        current.filter(skipped::contains),
        doing.values().stream().flatMap(one -> one.due().stream()).min(Comparator.naturalOrder()));
  }

  /** Has the run pause before the next task, or no more, or go on if it does. */
  public synchronized void pause() {
    pausing = !pausing;
    notifyAll();
  }

  /** Has the first task under way left alone; nothing, if there is none. */
  public void skip() {
    Optional<Doing> cut;
    synchronized (this) {
      if (current.isEmpty()) {
        return;
      }
      skipped.add(current.get());
      cut = Optional.ofNullable(doing.get(current));
    }
    cut.ifPresent(one -> one.cut().request());
  }

  /** Has the run try again now what it waits with; nothing, if it does not wait. */
  public void hurry() {
    List<StopSignal> cut = new ArrayList<>();
    synchronized (this) {
      doing.forEach((task, one) ->
          one.due()
              .ifPresent(due -> {
                reached.put(task, due);
                cut.add(one.cut());
              }));
    }
    cut.forEach(StopSignal::request);
  }

  private void stopAll() {
    List<StopSignal> cut = new ArrayList<>();
    synchronized (this) {
      doing.values().forEach(one -> cut.add(one.cut()));
      notifyAll();
    }
    cut.forEach(StopSignal::request);
  }

  /**
   * Something for an agent to know.
   *
   * @param task that is meant; whichever is worked on, if empty
   * @param noted runs once it stands in the log
   */
  public record Word(Optional<TaskId> task, String text, String by, Runnable noted) {}

  /** Has an agent told something at its next turn. */
  public synchronized void tell(Word word) {
    words.add(word);
  }

  /** Takes the next word for a task that can be told now. */
  synchronized Optional<Word> word(TaskState task) {
    if (!task.canBeTold()) {
      return Optional.empty();
    }
    Optional<Word> next =
        words.stream().filter(word -> word.task().map(task.id()::equals).orElse(true)).findFirst();
    next.ifPresent(words::remove);
    return next;
  }

  /** Which task is the first one under way. */
  synchronized void first(Optional<TaskId> task) {
    current = task;
  }

  /** A step for that task is about to be done; what is returned cuts it short. */
  StopSignal begin(Step.Effect effect, Optional<TaskId> task) {
    StopSignal cut = new StopSignal();
    Optional<Instant> due =
        effect instanceof Step.WaitUntil wait ? Optional.of(wait.due()) : Optional.empty();
    synchronized (this) {
      doing.put(task, new Doing(cut, due));
    }
    if (stop.requested()) {
      cut.request();
    }
    return cut;
  }

  synchronized void end(Optional<TaskId> task) {
    doing.remove(task);
  }

  synchronized boolean skips(TaskState task) {
    return skipped.contains(task.id());
  }

  /** The time by which to decide: {@code now}, or, once, that of the pause that was cut short. */
  synchronized Instant time(Optional<TaskId> task, Instant now) {
    return Optional.ofNullable(reached.remove(task)).filter(now::isBefore).orElse(now);
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
