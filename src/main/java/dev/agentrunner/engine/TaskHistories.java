package dev.agentrunner.engine;

import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.EvidenceFold;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What commits need to know of tasks, from the events of a run in their order. A task that is done
 * and committed is forgotten.
 */
final class TaskHistories implements Consumer<Recorded> {

  private final Settings settings;
  private final Map<TaskId, TaskChanges> changes = new HashMap<>();
  private final Set<TaskId> committed = new HashSet<>();
  private final EvidenceFold evidence = new EvidenceFold();

  TaskHistories(Settings settings) {
    this.settings = settings;
  }

  /** What {@code task} changed since it was last committed. */
  TaskChanges changes(TaskId task) {
    return changes.computeIfAbsent(task, id -> new TaskChanges(id, settings));
  }

  /** The post-hooks that judged {@code task} last. */
  List<Evidence.Ran> ran(TaskState task) {
    return evidence.of(task).ran();
  }

  @Override
  public void accept(Recorded recorded) {
    evidence.accept(recorded);
    if (!(recorded.event() instanceof RunEvent.OfTask event)) {
      return;
    }
    TaskId task = event.task();
    changes(task).accept(recorded);
    switch (event) {
      case RunEvent.GitCommitted _ -> committed.add(task);
      case RunEvent.TaskCompleted _ -> {
        evidence.forget(task);
        if (committed.remove(task)) {
          changes.remove(task);
        }
      }
      default -> {
        // It is still needed.
      }
    }
  }
}
