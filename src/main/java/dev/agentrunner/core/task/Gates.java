package dev.agentrunner.core.task;

import java.util.List;

/**
 * What guards a task: the hooks around it, in the order they run.
 *
 * @param before must pass before the agent is asked
 * @param after must pass before the task counts as done
 * @param deferred run once the task is over, however it ended; what comes of them decides nothing
 * @param onTamper what else keeps it from being done
 */
public record Gates(
    List<HookId> before, List<HookId> after, List<HookId> deferred, OnTamper onTamper) {

  /** Gates where tampering is only named. */
  public Gates(List<HookId> before, List<HookId> after, List<HookId> deferred) {
    this(before, after, deferred, OnTamper.WARN);
  }

  /** Gates with nothing to clean up. */
  public Gates(List<HookId> before, List<HookId> after) {
    this(before, after, List.of(), OnTamper.WARN);
  }

  public Gates {
    before = List.copyOf(before);
    after = List.copyOf(after);
    deferred = List.copyOf(deferred);
  }
}
