package dev.agentrunner.core.limit;

import dev.agentrunner.core.limit.Quota.Measure;
import java.time.Instant;

/**
 * What a provider says is left of a quota of its own.
 *
 * @param name as the provider has it, such as {@code input-tokens}
 * @param limit so much there is in all; 0 if it does not say
 * @param left never negative
 * @param resetsAt when all of it is there again
 */
public record QuotaReading(String name, Measure measure, long limit, long left, Instant resetsAt) {

  /** What it counts, by its name. */
  public static Measure measureOf(String name) {
    return name.contains("token") ? Measure.TOKENS : Measure.REQUESTS;
  }
}
