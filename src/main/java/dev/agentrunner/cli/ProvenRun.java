package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.EvidenceFold;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Workspaces;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A run, with what stands behind its tasks: from its own log, or from that of the run that did
 * them.
 */
final class ProvenRun {

  private final Workbench workbench;
  private final History history;
  private final RunState state;

  ProvenRun(Workbench workbench, History history, RunState state) {
    this.workbench = workbench;
    this.history = history;
    this.state = state;
  }

  /** By task, in the order of the run. */
  Map<TaskId, Evidence> evidence() {
    Map<RunId, EvidenceFold> folds = new HashMap<>();
    Map<TaskId, Evidence> evidence = new LinkedHashMap<>();
    for (TaskState task : state.tasks()) {
      RunId run = run(task);
      EvidenceFold fold = folds.computeIfAbsent(run, this::read);
      evidence.put(task.id(), done(task).map(fold::of).orElse(Evidence.NONE));
    }
    return evidence;
  }

  private EvidenceFold read(RunId run) {
    EvidenceFold fold = new EvidenceFold();
    if (history.runs().contains(run)) {
      history.events(run, fold);
    }
    return fold;
  }

  /** The run that did the task. */
  RunId run(TaskState task) {
    return task.planned().doneIn().orElse(state.run());
  }

  /** The task as the run that did it left it; empty if that is gone. */
  Optional<TaskState> done(TaskState task) {
    Optional<RunId> earlier = task.planned().doneIn();
    if (earlier.isEmpty()) {
      return Optional.of(task);
    }
    return earlier
        .filter(history.runs()::contains)
        .map(history::state)
        .map(RunState::tasks)
        .filter(tasks -> tasks.has(task.id()))
        .map(tasks -> tasks.task(task.id()));
  }

  /** The same, with a look at the folders of what is done. */
  Map<TaskId, Evidence> looked(Prepared prepared) {
    Workspaces workspaces = workbench.workspaces(prepared);
    Checkpoints checkpoints = workbench.checkpoints(prepared.project());
    Map<TaskId, Task> defined = new HashMap<>();
    prepared
        .list()
        .ifPresent(list -> list.tasks().tasks().forEach(task -> defined.put(task.id(), task)));
    Map<String, TreeId> now = new HashMap<>();
    Map<TaskId, Evidence> evidence = evidence();
    for (TaskState task : state.tasks()) {
      Task known = defined.get(task.id());
      if (task.status() != TaskStatus.COMPLETED || known == null) {
        continue;
      }
      evidence.computeIfPresent(
          task.id(),
          (_, found) ->
              found
                  .tree()
                  .flatMap(tree ->
                      tree(checkpoints, workspaces.folder(known), tree, now)
                          .map(current -> found.stale(!current.equals(tree))))
                  .orElse(found));
    }
    return evidence;
  }

  private static Optional<TreeId> tree(
      Checkpoints checkpoints, String folder, TreeId then, Map<String, TreeId> known) {
    try {
      return Optional.of(
          known.computeIfAbsent(
              folder, where -> checkpoints.take(where, Optional.of(then)).tree()));
    } catch (EnvironmentException gone) {
      return Optional.empty();
    }
  }
}
