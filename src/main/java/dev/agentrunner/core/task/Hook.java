package dev.agentrunner.core.task;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A command of the user's that prepares a task or judges it.
 *
 * @param timeout after which it is ended with its whole process tree; positive
 * @param folder where it runs, relative to the project's folder; empty for the task's own folder
 * @param environment added to the runner's own environment, in the order written
 * @param onFailure what follows when it fails; empty for what is usual: a question before the
 *     agent, another attempt after it
 * @param sandboxed whether it is held to its folder as the agent's commands are; it then gets no
 *     other environment than they do, but for {@code environment}
 */
public record Hook(
    HookId id,
    Command command,
    Duration timeout,
    Optional<String> folder,
    Map<String, String> environment,
    When when,
    Optional<Consequence> onFailure,
    boolean sandboxed) {

  /** One that is always run, as the user runs it, with the usual consequence. */
  public Hook(
      HookId id,
      Command command,
      Duration timeout,
      Optional<String> folder,
      Map<String, String> environment) {
    this(id, command, timeout, folder, environment, new When.Always(), Optional.empty(), false);
  }

  public Hook {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException(id + ": the timeout is not positive: " + timeout);
    }
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }
}
