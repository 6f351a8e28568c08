package dev.agentrunner.adapter.files;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * Spreads the calls of this process over the minute, in slices of five seconds: a burst at its
 * beginning would have the provider refuse what it would take a little later.
 */
final class EvenPace {

  private static final Duration SLICE = Duration.ofSeconds(5);
  private static final int SLICES = 12;

  private final RateLimiter limiter;

  /**
   * @param perMinute positive
   */
  EvenPace(long perMinute) {
    boolean seldom = perMinute < SLICES;
    this.limiter =
        RateLimiter.of(
            "pace",
            RateLimiterConfig.custom()
                .limitForPeriod(
                    seldom ? 1 : (int) Math.min(1_000_000, Math.ceilDiv(perMinute, SLICES)))
                .limitRefreshPeriod(seldom ? Duration.ofMinutes(1).dividedBy(perMinute) : SLICE)
                .timeoutDuration(Duration.ofMinutes(5))
                .build());
  }

  /** How long the next call is to wait; its turn is taken. */
  Duration next() {
    return Duration.ofNanos(Math.max(0, limiter.reservePermission()));
  }
}
