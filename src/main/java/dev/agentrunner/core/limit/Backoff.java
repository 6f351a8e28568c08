package dev.agentrunner.core.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The waits between tries of a call that fails in passing: doubling from one second to a minute,
 * with jitter.
 */
public final class Backoff {

  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 60_000;

  private Backoff() {}

  /**
   * How long to wait after the {@code failures}-th failure in a row.
   *
   * @param failures from 1
   * @param hint what the server asked for: a floor, to which the jitter is added, so that many
   *     clients do not come back at once
   * @param seed the same seed gives the same jitter
   */
  public static Duration after(int failures, Optional<Duration> hint, long seed) {
    long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 16));
    long jitter = new SplittableRandom(seed * 31 + failures).nextLong(full / 4 + 1);
    long own = full - full / 4 + jitter;
    return hint.map(floor -> floor.plusMillis(jitter))
        .filter(floored -> floored.toMillis() > own)
        .orElse(Duration.ofMillis(own));
  }
}
