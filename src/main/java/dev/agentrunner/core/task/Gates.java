package dev.agentrunner.core.task;

import java.util.List;

/**
 * The hooks around a task, in the order they run.
 *
 * @param before must pass before the agent is asked
 * @param after must pass before the task counts as done
 * @param deferred run once the task is over, however it ended; what comes of them decides nothing
 */
public record Gates(List<HookId> before, List<HookId> after, List<HookId> deferred) {

  public Gates(List<HookId> before, List<HookId> after) {
    this(before, after, List.of());
  }

  public Gates {
    before = List.copyOf(before);
    after = List.copyOf(after);
    deferred = List.copyOf(deferred);
  }
}
