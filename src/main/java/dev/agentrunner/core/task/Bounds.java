package dev.agentrunner.core.task;

import java.time.Duration;

/**
 * How far the agent may go on one task. Numbers are positive.
 *
 * @param attempts fresh conversations, the first one included
 * @param turns model replies within one attempt
 * @param tokens input and output tokens, cached ones included, within one attempt
 * @param time for the conversation of one attempt; time spent waiting for a quota or stopped does
 *     not count
 * @param giveUp what becomes of the changes when no more is tried
 */
public record Bounds(int attempts, int turns, long tokens, Duration time, GiveUp giveUp) {

  /** Bounds after which the changes stay. */
  public Bounds(int attempts, int turns, long tokens, Duration time) {
    this(attempts, turns, tokens, time, GiveUp.KEEP);
  }

  public Bounds {
    if (attempts < 1 || turns < 1 || tokens < 1 || !time.isPositive()) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
