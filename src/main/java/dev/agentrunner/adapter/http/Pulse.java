package dev.agentrunner.adapter.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time that goes by while somebody waits. Safe for use by many threads. */
public interface Pulse {

  /** Nanoseconds since some moment that does not change; never goes back. */
  long nanos();

  /** Has {@code beat} run about every {@code period}, on another thread, until closed. */
  Beating every(Duration period, Runnable beat);

  /** Ends a series of beats; one that has begun may still come to its end. */
  interface Beating extends AutoCloseable {
    @Override
    void close();
  }

  /** The machine's own time. Its one thread is started when first needed and holds up no exit. */
  static Pulse ofMachine() {
    var threads =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("model-heartbeat").factory());
    threads.setRemoveOnCancelPolicy(true);
    return new Pulse() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Beating every(Duration period, Runnable beat) {
        long nanos = period.toNanos();
        ScheduledFuture<?> beats =
            threads.scheduleAtFixedRate(beat, nanos, nanos, TimeUnit.NANOSECONDS);
        // Without an interrupt: it could hit a watcher in the middle of writing, and close its
        // file.
        return () -> beats.cancel(false);
      }
    };
  }
}
