package dev.agentrunner.port;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import java.util.List;
import java.util.function.Consumer;

/** The history of each run, only ever added to. Safe for use by many threads. */
public interface EventLog {

  /**
   * Hands every event of {@code run} past position {@code after} to {@code reader}, oldest first; none if the run is not
   * known.
   *
   * @throws dev.agentrunner.port.EnvironmentException if the log is damaged or cannot be read
   */
  void read(RunId run, long after, Consumer<Recorded> reader);

  /**
   * Adds events in one go, durably: once this returns, a crash no longer loses them. A crash meanwhile keeps none, some of
   * the first, or all.
   *
   * @param expected position of the last event the caller knows of; 0 for a new run
   * @return the events as they stand in the log, with positions {@code expected + 1} and on
   * @throws LostRunException if another writer got there first; stop, do not retry
   * @throws dev.agentrunner.port.EnvironmentException if they could not be written: disk full, folder gone
   */
  List<Recorded> append(RunId run, long expected, List<RunEvent> events);

  /** Another writer has the run. */
  final class LostRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LostRunException(String message) {
      super(message);
    }
  }
}
