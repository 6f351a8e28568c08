package dev.agentrunner.core.limit;

import java.time.Instant;

/**
 * One call, as it counts against quotas.
 *
 * @param at when it was made
 * @param tokens in and out; estimated until the provider has told; never negative
 * @param model that was asked; empty if nobody noted it
 */
public record Spent(Instant at, long tokens, String model) {

  /** A call of a model that nobody noted. */
  public Spent(Instant at, long tokens) {
    this(at, tokens, "");
  }

  public Spent {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens are never negative");
    }
  }

  long of(Quota.Measure measure) {
    return switch (measure) {
      case REQUESTS -> 1;
      case TOKENS -> tokens;
    };
  }
}
