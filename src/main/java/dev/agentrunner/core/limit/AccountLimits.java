package dev.agentrunner.core.limit;

import java.util.List;

/**
 * Where an account stands.
 *
 * @param provider by its name in the settings
 * @param windows of every quota that is set
 * @param reserve a share of each that is kept for the person
 * @param readings what the provider itself said last of quotas that have not been reset since
 * @param plan windows of the subscription that pays for it; empty if none does, or none is known
 * @param history of calls that can still count, the person's other projects included
 */
public record AccountLimits(
    String provider,
    List<QuotaWindow> windows,
    double reserve,
    List<QuotaReading> readings,
    List<PlanWindow> plan,
    List<Spent> history) {

  public AccountLimits {
    windows = List.copyOf(windows);
    readings = List.copyOf(readings);
    plan = List.copyOf(plan);
    history = List.copyOf(history);
  }
}
