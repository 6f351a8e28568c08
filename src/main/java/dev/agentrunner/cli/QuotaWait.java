package dev.agentrunner.cli;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.port.Pauses;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Holds a run whose quota is used up until it is back by the wall clock. */
final class QuotaWait {

  private static final Duration TICK = Duration.ofSeconds(1);

  private final Pauses pauses;
  private final InstantSource clock;
  private final StopSignal stop;
  private final View view;
  private Duration left;

  /**
   * @param most of time to wait, over all waits of the run
   */
  QuotaWait(Duration most, Pauses pauses, InstantSource clock, StopSignal stop, View view) {
    this.left = most;
    this.pauses = pauses;
    this.clock = clock;
    this.stop = stop;
    this.view = view;
  }

  /** Returns whether the run can be gone on with; at once if it stands still for another reason. */
  boolean isOver(RunState state) {
    Optional<Instant> due =
        state
            .pause()
            .filter(pause -> pause.reason() == PauseReason.QUOTA)
            .flatMap(RunPaused::resumeAt);
    Instant began = clock.instant();
    if (due.isEmpty() || due.get().isAfter(began.plus(left))) {
      return false;
    }
    for (Instant now = began; now.isBefore(due.get()); now = clock.instant()) {
      view.waiting(due.get(), now);
      Instant next = now.plus(TICK);
      pauses.until(next.isBefore(due.get()) ? next : due.get(), stop);
      if (stop.requested()) {
        return false;
      }
    }
    left = left.minus(Duration.between(began, clock.instant()));
    return true;
  }
}
