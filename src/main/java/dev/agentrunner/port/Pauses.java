package dev.agentrunner.port;

import java.time.Instant;

/** Lets time go by. */
public interface Pauses {

  /**
   * Returns at {@code due} by the wall clock, or earlier when {@code stop} is requested. A machine
   * that slept meanwhile does not wait longer for it.
   */
  void until(Instant due, StopSignal stop);
}
