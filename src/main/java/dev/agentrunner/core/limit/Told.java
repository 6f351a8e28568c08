package dev.agentrunner.core.limit;

import java.time.Instant;
import java.util.List;

/**
 * What a provider said of a quota, and when.
 *
 * @param at when it was said; the calls before it are in it
 */
public record Told(QuotaReading reading, Instant at) {

  /** What is left now, after the calls since; never negative. */
  public QuotaReading now(List<Spent> history) {
    long since =
        history.stream()
            .filter(spent -> spent.at().isAfter(at))
            .mapToLong(spent -> spent.of(reading.measure()))
            .sum();
    return new QuotaReading(
        reading.name(),
        reading.measure(),
        reading.limit(),
        Math.max(0, reading.left() - since),
        reading.resetsAt());
  }

  public boolean isOver(Instant now) {
    return !reading.resetsAt().isAfter(now);
  }
}
