package dev.agentrunner.core.run;

import java.util.Optional;

/**
 * What a person decides about a task.
 *
 * @param advice what the next attempt is to be told on top of the task; empty for nothing new
 */
public record Ruling(Decision decision, Optional<String> advice) {

  public static Ruling of(Decision decision) {
    return new Ruling(decision, Optional.empty());
  }
}
