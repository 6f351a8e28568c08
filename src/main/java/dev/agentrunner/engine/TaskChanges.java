package dev.agentrunner.engine;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EventLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a task changed since it was last committed, as the edits in the run's log tell. */
final class TaskChanges implements Consumer<Recorded> {

  private final TaskId task;
  private final Map<String, FileChange> changes = new LinkedHashMap<>();

  private TaskChanges(TaskId task) {
    this.task = task;
  }

  /** Each path once, as it was before and as it was left; none that is as it was. */
  static List<FileChange> of(EventLog log, RunId run, TaskId task) {
    TaskChanges reader = new TaskChanges(task);
    log.read(run, 0, reader);
    return reader.changes.values().stream()
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }

  @Override
  public void accept(Recorded recorded) {
    if (!(recorded.event() instanceof RunEvent.OfTask event) || !event.task().equals(task)) {
      return;
    }
    switch (event) {
      case RunEvent.EditApplied edit ->
          edit.changes()
              .forEach(change -> changes.merge(change.path(), change, TaskChanges::together));
      case RunEvent.GitCommitted ignored -> changes.clear();
      case RunEvent.ToolReturned returned -> {
        if (returned.result().name().equals(GitTools.COMMIT) && !returned.result().failed()) {
          changes.clear();
        }
      }
      default -> {
        // Nothing else changes files.
      }
    }
  }

  private static FileChange together(FileChange first, FileChange then) {
    return new FileChange(first.path(), first.before(), then.after());
  }
}
