package dev.agentrunner.core.task;

import java.util.List;

/**
 * What guards a task: the hooks around it, in the order they run.
 *
 * @param before must pass before the agent is asked
 * @param after must pass before the task counts as done
 * @param onTamper what else keeps it from being done
 */
public record Gates(List<HookId> before, List<HookId> after, OnTamper onTamper) {

  /** Gates of hooks only. */
  public Gates(List<HookId> before, List<HookId> after) {
    this(before, after, OnTamper.WARN);
  }

  public Gates {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }
}
