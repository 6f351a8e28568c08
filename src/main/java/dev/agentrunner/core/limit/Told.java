package dev.agentrunner.core.limit;

import java.time.Instant;
import java.util.List;

/**
 * What a provider said of a quota, and when.
 *
 * @param at when it was said; the calls before it are in it
 */
public record Told(Sight sight, Instant at) {

  /** What is left now, after the calls since; never negative. */
  public Sight now(List<Spent> history) {
    long since =
        history.stream()
            .filter(spent -> spent.at().isAfter(at))
            .mapToLong(spent -> spent.of(sight.measure()))
            .sum();
    return new Sight(
        sight.name(),
        sight.measure(),
        sight.limit(),
        Math.max(0, sight.left() - since),
        sight.resetsAt());
  }

  public boolean isOver(Instant now) {
    return !sight.resetsAt().isAfter(now);
  }
}
