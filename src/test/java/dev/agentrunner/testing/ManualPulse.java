package dev.agentrunner.testing;

import dev.agentrunner.adapter.http.Pulse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that goes by only when a test says so. */
public final class ManualPulse implements Pulse {

  private final List<Series> series = new ArrayList<>();
  private long nanos = 1_000;

  private static final class Series {
    private final long period;
    private final Runnable beat;
    private long due;

    Series(long period, Runnable beat, long now) {
      this.period = period;
      this.beat = beat;
      this.due = now + period;
    }
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized Beating every(Duration period, Runnable beat) {
    Series added = new Series(period.toNanos(), beat, nanos);
    series.add(added);
    return () -> remove(added);
  }

  private synchronized void remove(Series ended) {
    series.remove(ended);
  }

  /** Whether anybody waits for a beat. */
  public synchronized boolean beating() {
    return !series.isEmpty();
  }

  /** Lets time go by, with every beat that falls due in it, on this thread. */
  public synchronized void advance(Duration duration) {
    long until = nanos + duration.toNanos();
    while (true) {
      Series next = null;
      for (Series one : series) {
        if (one.due <= until && (next == null || one.due < next.due)) {
          next = one;
        }
      }
      if (next == null) {
        break;
      }
      nanos = next.due;
      next.due += next.period;
      next.beat.run();
    }
    nanos = until;
  }
}
