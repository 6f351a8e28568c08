package dev.agentrunner.core.task;

import java.util.List;

/**
 * One piece of work, with every default already filled in.
 *
 * @param path the folder the agent works in, as written: relative to the folder of the task list
 * @param protect globs, relative to the task's folder, of files the agent may not change; what lies
 *     below them is meant too
 * @param dependsOn tasks of the same list that must be done first
 */
public record Task(
    TaskId id,
    Brief brief,
    String path,
    List<String> protect,
    List<TaskId> dependsOn,
    Gates gates,
    AgentChoice agent,
    Bounds bounds,
    Delivery delivery) {

  public Task {
    protect = List.copyOf(protect);
    dependsOn = List.copyOf(dependsOn);
  }

  /**
   * The same, done in a worktree.
   *
   * @param worktree as an absolute path
   */
  public Task in(String worktree) {
    return new Task(
        id, brief, path, protect, dependsOn, gates, agent, bounds, delivery.in(worktree));
  }

  /** The same, to be shown as a diff and not to be done in the folder itself. */
  public Task asProposal() {
    return new Task(id, brief, path, protect, dependsOn, gates, agent, bounds, Delivery.PROPOSED);
  }
}
