package dev.agentrunner.adapter.clock;

import dev.agentrunner.port.Pauses;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits in slices and looks at the wall clock after each: a clock that is set, or a machine that
 * slept, is noticed within one slice. An interrupt of the thread ends the pause early and stays
 * set.
 */
public final class ClockPauses implements Pauses {

  private static final Logger LOG = LoggerFactory.getLogger(ClockPauses.class);
  private static final Duration SLICE = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Nap nap;

  public ClockPauses(InstantSource clock) {
    this(clock, (most, woken) -> woken.await(most.toNanos(), TimeUnit.NANOSECONDS));
  }

  ClockPauses(InstantSource clock, Nap nap) {
    this.clock = clock;
    this.nap = nap;
  }

  @Override
  public void until(Instant due, StopSignal stop) {
    var woken = new CountDownLatch(1);
    try (var _ = stop.onRequest(woken::countDown)) {
      Instant now = clock.instant();
      LOG.debug("waiting from {} until {}", now, due);
      while (now.isBefore(due) && !stop.requested()) {
        boolean far = due.isAfter(now.plus(SLICE));
        nap.take(far ? SLICE : Duration.between(now, due), woken);
        now = clock.instant();
      }
      LOG.debug("waited until {}{}", now, stop.requested() ? ", as somebody stopped it" : "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets monotonic time go by. */
  interface Nap {

    /** Returns after {@code most}, or as soon as {@code woken} is zero. */
    void take(Duration most, CountDownLatch woken) throws InterruptedException;
  }
}
