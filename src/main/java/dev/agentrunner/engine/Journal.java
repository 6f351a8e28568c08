package dev.agentrunner.engine;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.RunWatcher;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pen of a run: folds each event as it is noted, and writes what was noted in one go. What came
 * of one step and the intent of the next share a write, so that each step costs the disk one round;
 * nothing is done outside, and nobody told, in between.
 *
 * <p>Safe for use by many threads. Whoever decides by the state and notes what was decided holds
 * the journal's monitor meanwhile.
 */
final class Journal {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int NOTED_MAX = 256;

  private final EventLog log;
  private final InstantSource clock;
  private final RunWatcher watcher;
  private final MaskedEvents masked;
  private final List<Noted> noted = new ArrayList<>();
  private RunState state;
  private @Nullable RuntimeException broken;
  private @Nullable TaskHistories histories;

  private record Noted(Recorded recorded, RunState state) {}

  Journal(
      EventLog log, InstantSource clock, RunWatcher watcher, MaskedEvents masked, RunState state) {
    this.log = log;
    this.clock = clock;
    this.watcher = watcher;
    this.masked = masked;
    this.state = state;
  }

  synchronized RunState state() {
    return state;
  }

  /**
   * Adds an event to the state, secrets masked; it is durable after the next {@link #write}.
   *
   * @throws RuntimeException once a write has failed, the one it failed with: the run must not go
   *     on unrecorded
   */
  synchronized void note(RunEvent event) {
    if (broken != null) {
      throw broken;
    }
    Recorded recorded =
        new Recorded(
            state.seq() + 1, clock.instant().truncatedTo(ChronoUnit.MILLIS), masked.of(event));
    LOG.trace("{} {}", recorded.seq(), event.type());
    state = state.after(recorded);
    if (histories != null) {
      histories.accept(recorded);
    }
    noted.add(new Noted(recorded, state));
    if (noted.size() >= NOTED_MAX) {
      write();
    }
  }

  /**
   * What is known of tasks so far. The log is read for it when it is first asked for, and never
   * again: in a long run that takes longer than a task does.
   */
  synchronized TaskHistories histories(Settings settings) {
    if (histories == null) {
      write();
      TaskHistories read = new TaskHistories(settings);
      log.read(state.run(), 0, read);
      histories = read;
    }
    return histories;
  }

  /** Makes all that was noted durable, then tells of it. */
  synchronized void write() {
    if (noted.isEmpty()) {
      return;
    }
    try {
      log.append(state.run(), noted.stream().map(Noted::recorded).toList());
    } catch (RuntimeException failure) {
      broken = failure;
      throw failure;
    }
    noted.forEach(one -> watcher.recorded(one.recorded(), one.state()));
    noted.clear();
  }
}
