package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A run as a server knows it.
 *
 * @param labels as they are now; those of the order were the first
 * @param version raised by one with every change to labels, for {@code If-Match}
 * @param seq position of its last event; 0 before the first
 * @param canceling whether its end was asked for and has not come yet
 * @param startedAt when the first event was written
 */
public record RunRecord(
    RunId id,
    RunOrder order,
    Map<String, String> labels,
    long version,
    RunMark mark,
    boolean canceling,
    long seq,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<Held> held) {

  public RunRecord {
    labels = Map.copyOf(labels);
  }

  /** Who works on it. */
  public record Held(WorkerId worker, long generation, Instant until) {}

  public RunStatus status() {
    return mark.status();
  }

  public RunPhase phase() {
    return canceling && !mark.status().isFinal() ? RunPhase.CANCELING : mark.phase();
  }
}
