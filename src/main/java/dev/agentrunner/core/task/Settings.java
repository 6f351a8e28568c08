package dev.agentrunner.core.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for a whole run.
 *
 * @param hooks every hook that a task may name
 * @param providers every provider that a task may name, by name
 * @param outputTokensMax asked for at most in one reply; positive
 * @param promptTemplate the user's own template, as text; empty for the one that ships
 */
public record Settings(
    AgentChoice agent,
    Map<HookId, Hook> hooks,
    Map<String, ProviderSettings> providers,
    FailSafe failSafe,
    Retries retries,
    int outputTokensMax,
    Optional<String> promptTemplate,
    GitSettings git) {

  public Settings {
    hooks = Collections.unmodifiableMap(new LinkedHashMap<>(hooks));
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
  }

  /** The hook of that id; tasks name only those that are there. */
  public Hook hook(HookId id) {
    Hook hook = hooks.get(id);
    if (hook == null) {
      throw new IllegalArgumentException("no such hook in the settings: " + id);
    }
    return hook;
  }

  /**
   * How often a call that failed in passing is tried again.
   *
   * @param max tries after the first one; 0 or more
   * @param longestWaitSeconds a provider that asks for a longer wait than this has a used-up quota,
   *     not a hiccup
   */
  public record Retries(int max, long longestWaitSeconds) {}
}
