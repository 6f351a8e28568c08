package dev.agentrunner.core.task;

import dev.agentrunner.core.limit.ModelPrice;
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
 * @param tools how far the agent's tools may go
 * @param promptTemplate the user's own template, as text; empty for the one that ships
 * @param prices of models, by name or pattern, over what is known of them
 * @param checkpoints whether it is kept how folders look before and after each attempt
 * @param allowance what may be spent
 * @param telling who is told of a run besides whoever started it
 * @param jobs how many tasks may be worked on at once; positive
 */
public record Settings(
    AgentChoice agent,
    Map<HookId, Hook> hooks,
    Map<String, ProviderSettings> providers,
    FailSafe failSafe,
    Retries retries,
    int outputTokensMax,
    ToolSettings tools,
    Optional<String> promptTemplate,
    Map<String, ModelPrice> prices,
    boolean checkpoints,
    GitSettings git,
    Allowance allowance,
    Telling telling,
    int jobs) {

  public Settings {
    hooks = Collections.unmodifiableMap(new LinkedHashMap<>(hooks));
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
  }

  /** The same, with so much to spend. */
  public Settings allowing(Allowance other) {
    return new Settings(
        agent,
        hooks,
        providers,
        failSafe,
        retries,
        outputTokensMax,
        tools,
        promptTemplate,
        prices,
        checkpoints,
        git,
        other,
        telling,
        jobs);
  }

  /** The same, with these hooks and no others. */
  public Settings withHooks(Map<HookId, Hook> other) {
    return new Settings(
        agent,
        other,
        providers,
        failSafe,
        retries,
        outputTokensMax,
        tools,
        promptTemplate,
        prices,
        checkpoints,
        git,
        allowance,
        telling,
        jobs);
  }

  /** The same, with tools that go so far. */
  public Settings with(ToolSettings other) {
    return new Settings(
        agent,
        hooks,
        providers,
        failSafe,
        retries,
        outputTokensMax,
        other,
        promptTemplate,
        prices,
        checkpoints,
        git,
        allowance,
        telling,
        jobs);
  }

  /** The same, with checkpoints or without. */
  public Settings withCheckpoints(boolean other) {
    return new Settings(
        agent,
        hooks,
        providers,
        failSafe,
        retries,
        outputTokensMax,
        tools,
        promptTemplate,
        prices,
        other,
        git,
        allowance,
        telling,
        jobs);
  }

  /** The same, with so many tasks at once. */
  public Settings withJobs(int other) {
    return new Settings(
        agent,
        hooks,
        providers,
        failSafe,
        retries,
        outputTokensMax,
        tools,
        promptTemplate,
        prices,
        checkpoints,
        git,
        allowance,
        telling,
        other);
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
   * Whether the provider of that name is an agent of its own, with its own tools: it is given the
   * task, not a conversation.
   */
  public boolean worksAlone(String provider) {
    ProviderSettings found = providers.get(provider);
    return found != null && found.kind().equals(ProviderSettings.COMMAND);
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
