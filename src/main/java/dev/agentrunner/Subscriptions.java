package dev.agentrunner;

import dev.agentrunner.core.limit.QuotaPlan;
import dev.agentrunner.core.task.ProviderSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which subscription stands behind an agent's command line, as far as its windows are known. */
record Subscriptions(List<QuotaPlan> plans) {

  private static final Map<String, String> BY_PRESET =
      Map.of("claude-code", "claude-subscription", "codex", "codex-subscription");

  Optional<QuotaPlan> of(ProviderSettings agent) {
    String preset = agent.options().getOrDefault("preset", agent.name());
    String name = BY_PRESET.getOrDefault(preset, "");
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst();
  }
}
