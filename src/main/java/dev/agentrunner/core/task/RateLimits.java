package dev.agentrunner.core.task;

import dev.agentrunner.core.limit.Quota;
import java.util.List;

/**
 * What a provider may be asked, as the user wants it.
 *
 * @param reserve a share of each quota that is kept for the person, from 0 up to and without 1
 */
public record RateLimits(List<Quota> quotas, double reserve) {

  public static final RateLimits NONE = new RateLimits(List.of(), 0);

  public RateLimits {
    quotas = List.copyOf(quotas);
  }
}
