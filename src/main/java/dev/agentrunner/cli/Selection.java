package dev.agentrunner.cli;

import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.TaskList;
import dev.agentrunner.port.UsageException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tasks of a list are meant.
 *
 * @param only just these; all if empty
 * @param from this one and all that are taken up after it
 */
record Selection(List<String> only, Optional<String> from) {

  /** The tasks meant, in the order they are taken up. */
  List<Task> of(TaskList list) {
    checkKnown("--only", only, list);
    checkKnown("--from", from.stream().toList(), list);
    Set<String> wanted = new HashSet<>(only);
    return list.inOrder().stream()
        .dropWhile(task -> from.isPresent() && !task.id().value().equals(from.get()))
        .filter(task -> wanted.isEmpty() || wanted.contains(task.id().value()))
        .toList();
  }

  /**
   * Makes sure that the list has the tasks named.
   *
   * @throws UsageException naming the first that it has not
   */
  static void checkKnown(String flag, List<String> ids, TaskList list) {
    Set<String> known =
        list.tasks().stream().map(task -> task.id().value()).collect(Collectors.toSet());
    for (String id : ids) {
      if (!known.contains(id)) {
        throw new UsageException(
            "%s %s: the list has no such task; it has %s"
                .formatted(
                    flag, id, known.stream().sorted().limit(20).collect(Collectors.joining(", "))));
      }
    }
  }

  /**
   * Makes sure that what the tasks need is among them or done.
   *
   * @throws UsageException naming the first that is neither
   */
  static void checkNeeds(List<Task> tasks, Set<TaskId> done) {
    Set<TaskId> there = tasks.stream().map(Task::id).collect(Collectors.toSet());
    for (Task task : tasks) {
      for (TaskId needed : task.dependsOn()) {
        if (!there.contains(needed) && !done.contains(needed)) {
          throw new UsageException(
              "%s needs %s, which is not done yet and not selected; add it with --only %s"
                  .formatted(task.id(), needed, needed));
        }
      }
    }
  }
}
