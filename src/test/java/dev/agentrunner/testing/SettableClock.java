package dev.agentrunner.testing;

import dev.agentrunner.port.Pauses;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that goes by only when told to; whoever pauses is taken there at once. */
public final class SettableClock implements InstantSource, Pauses {

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  public synchronized void set(Instant time) {
    now = time;
  }

  @Override
  public synchronized void until(Instant due, StopSignal stop) {
    if (!stop.requested() && due.isAfter(now)) {
      now = due;
    }
  }
}
