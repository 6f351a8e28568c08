package dev.agentrunner.core.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tasks of one file, in the order written.
 *
 * @param tasks at least one; ids differ; {@code dependsOn} names tasks of the list and has no cycle
 */
public record TaskList(List<Task> tasks) {

  public TaskList {
    tasks = List.copyOf(tasks);
  }

  /**
   * The tasks in the order they are taken up: as written, but every task after those it depends on.
   */
  public List<Task> inOrder() {
    Map<TaskId, Task> byId = new LinkedHashMap<>();
    tasks.forEach(task -> byId.put(task.id(), task));
    Set<Task> ordered = new LinkedHashSet<>();
    tasks.forEach(task -> place(task, byId, ordered));
    return List.copyOf(ordered);
  }

  private static void place(Task task, Map<TaskId, Task> byId, Set<Task> ordered) {
    // A stack of our own: a list may chain ten thousand tasks.
    Deque<Task> open = new ArrayDeque<>(List.of(task));
    while (!open.isEmpty()) {
      Task top = open.peek();
      Optional<Task> first =
          top.dependsOn().stream()
              .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
              .filter(needed -> !ordered.contains(needed))
              .findFirst();
      first.ifPresentOrElse(
          open::push,
          () -> {
            ordered.add(top);
            open.pop();
          });
    }
  }
}
