package dev.agentrunner.core.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A window of a subscription, as far as it can be known from the calls that were made here. How
 * much it allows is not public.
 *
 * @param plan whose it is
 * @param name as the provider has it
 * @param tokens used in the window that is open
 * @param resetsAt when it ends; empty if none is open
 */
public record PlanWindow(
    String plan, String name, Duration span, long calls, long tokens, Optional<Instant> resetsAt) {

  /** Every window of {@code plan} at {@code now}; each begins with a call. */
  public static List<PlanWindow> of(QuotaPlan plan, List<Spent> history, Instant now) {
    return plan.windows().stream()
        .map(window -> {
          Quota tokens =
              new Quota(
                  Quota.Measure.TOKENS, Long.MAX_VALUE, window.length(), Quota.Start.FIRST_CALL);
          QuotaWindow open = QuotaWindow.of(tokens, history, now);
          return new PlanWindow(
              plan.name(),
              window.name(),
              window.length(),
              open.counted().size(),
              open.used(),
              open.resetsAt());
        })
        .toList();
  }
}
