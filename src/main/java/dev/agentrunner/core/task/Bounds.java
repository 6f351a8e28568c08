package dev.agentrunner.core.task;

import java.time.Duration;

/**
 * How far the agent may go on one task. All are positive.
 *
 * @param attempts fresh conversations, the first one included
 * @param turns model replies within one attempt
 * @param tokens input and output tokens, cached ones included, within one attempt
 * @param time for the conversation of one attempt; time spent waiting for a quota or stopped does
 *     not count
 */
public record Bounds(int attempts, int turns, long tokens, Duration time) {

  public Bounds {
    if (attempts < 1 || turns < 1 || tokens < 1 || !time.isPositive()) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
