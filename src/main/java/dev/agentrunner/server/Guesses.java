package dev.agentrunner.server;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts keys that open nothing, by whoever tried them. */
final class Guesses {

  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int PER_WINDOW = 20;
  private static final int PEERS_MAX = 10_000;

  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > PEERS_MAX;
        }
      };

  private record Count(Instant since, int tries) {}

  /** Counts one more, and says whether that is too many within a minute. */
  synchronized boolean tooMany(String peer, Instant now) {
    Count before = counts.getOrDefault(peer, new Count(now, 0));
    Count count =
        now.isBefore(before.since().plus(WINDOW))
            ? new Count(before.since(), before.tries() + 1)
            : new Count(now, 1);
    counts.put(peer, count);
    return count.tries() > PER_WINDOW;
  }
}
