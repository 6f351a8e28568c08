package dev.agentrunner.core.task;

import java.util.List;
import java.util.Optional;

/**
 * Who works on a task.
 *
 * @param provider one of those the settings name
 * @param model as the provider spells it; empty for the provider's configured one
 * @param fallback providers that take over, in this order, when those before cannot be asked; each
 *     with its own configured model
 */
public record AgentChoice(String provider, Optional<String> model, List<String> fallback) {

  public AgentChoice {
    fallback = List.copyOf(fallback);
  }

  /** One that nobody stands in for. */
  public AgentChoice(String provider, Optional<String> model) {
    this(provider, model, List.of());
  }

  /** What {@code name} is asked for; it is the provider itself or one of those that stand in. */
  public AgentChoice of(String name) {
    return name.equals(provider) ? this : new AgentChoice(name, Optional.empty());
  }
}
