package dev.agentrunner.port;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import java.util.List;
import java.util.function.Consumer;

/** The history of each run, only ever added to. Safe for use by many threads. */
public interface EventLog {

  /**
   * Hands every event of {@code run} past position {@code after} to {@code reader}, oldest first;
   * none if the run is not known.
   *
   * @throws dev.agentrunner.port.EnvironmentException if the log is damaged or cannot be read
   */
  void read(RunId run, long after, Consumer<Recorded> reader);

  /**
   * Adds events in one go, durably: once this returns, a crash no longer loses them. A crash
   * meanwhile keeps none, some of the first, or all.
   *
   * @param events at least one; positions follow each other, and the first follows the last event
   *     of the log
   * @throws LostRunException if another writer got there first, so that it does not follow; stop,
   *     do not retry
   * @throws dev.agentrunner.port.EnvironmentException if they could not be written: disk full,
   *     folder gone
   */
  void append(RunId run, List<Recorded> events);

  /** Another writer has the run. */
  final class LostRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LostRunException(String message) {
      super(message);
    }
  }
}
