package dev.agentrunner.core.task;

import java.util.List;

/**
 * The hooks around a task, in the order they run.
 *
 * @param before must pass before the agent is asked
 * @param after must pass before the task counts as done
 */
public record Gates(List<HookId> before, List<HookId> after) {

  public Gates {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }
}
