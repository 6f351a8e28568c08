package dev.agentrunner.core.task;

import java.util.Optional;

/**
 * Who works on a task.
 *
 * @param provider one of those the settings name
 * @param model as the provider spells it; empty for the provider's configured one
 */
public record AgentChoice(String provider, Optional<String> model) {}
