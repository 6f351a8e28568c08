package dev.agentrunner.core.task;

import dev.agentrunner.core.limit.Budget;
import java.util.Map;

/**
 * What the user lets runs spend.
 *
 * @param rateLimits by provider
 * @param budget of one run and of each of its tasks
 * @param heeded whether it is what the configuration says, not what somebody put in its place
 */
public record Allowance(Map<String, RateLimits> rateLimits, Budget budget, boolean heeded) {

  /** Everything, since no bounds are set. */
  public static final Allowance UNBOUNDED = new Allowance(Map.of(), Budget.NONE, true);

  /** Everything, whatever bounds are set. */
  public static final Allowance IGNORED = new Allowance(Map.of(), Budget.NONE, false);

  public Allowance {
    rateLimits = Map.copyOf(rateLimits);
  }

  public RateLimits of(String provider) {
    return rateLimits.getOrDefault(provider, RateLimits.NONE);
  }
}
