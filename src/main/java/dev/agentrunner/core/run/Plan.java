package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ToolSpec;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run works from: read from the user's files at every start, so that a resumed run heeds
 * what was edited meanwhile.
 *
 * @param tasks in the order they are taken up: every task after those it depends on
 * @param system the system prompt of every conversation
 * @param tools offered in every conversation
 */
public record Plan(
    Map<TaskId, Task> tasks, Settings settings, String system, List<ToolSpec> tools) {

  public Plan {
    tasks = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    tools = List.copyOf(tools);
  }

  /** The task of that id; it must be one of the plan's. */
  public Task task(TaskId id) {
    Task task = tasks.get(id);
    if (task == null) {
      throw new IllegalArgumentException("no such task in the plan: " + id);
    }
    return task;
  }

  /** The same, with another one in place of the task of its id. */
  public Plan with(Task other) {
    Map<TaskId, Task> all = new LinkedHashMap<>(tasks);
    all.put(other.id(), other);
    return new Plan(all, settings, system, tools);
  }
}
