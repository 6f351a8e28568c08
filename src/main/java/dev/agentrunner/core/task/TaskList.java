package dev.agentrunner.core.task;

import java.util.List;

/**
 * The tasks of one file, in the order written.
 *
 * @param tasks at least one; ids differ; {@code dependsOn} names tasks of the list and has no cycle
 */
public record TaskList(List<Task> tasks) {

  public TaskList {
    tasks = List.copyOf(tasks);
  }
}
