package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.UsageException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A task of which it is known how its folder looked.
 *
 * @param first how it looked before the first attempt
 */
record KeptTask(Prepared prepared, RunId run, TaskState task, String folder, TreeId first) {

  /**
   * The task that is meant: of the run that is meant, or of the earlier one that did it.
   *
   * @throws UsageException if there is none, or nothing is known of it
   */
  static KeptTask meant(Tools tools, Place place, Optional<String> named, String id) {
    Workbench workbench = tools.workbench();
    String project = workbench.project(place.directory());
    History history = workbench.history(project);
    RunState state = history.state(StatusCommand.meant(history, named));
    TaskState task = task(state, id);
    Optional<RunId> doneIn = task.planned().doneIn();
    if (doneIn.isPresent()) {
      state = history.state(doneIn.get());
      task = task(state, id);
    }
    String list =
        state.started().map(start -> workbench.listFile(project, start.list())).orElse("");
    Prepared prepared = workbench.prepare(place.sources(Optional.of(list)));
    Task defined =
        prepared.list().stream()
            .flatMap(listed -> listed.tasks().tasks().stream())
            .filter(one -> one.id().value().equals(id))
            .findFirst()
            .orElseThrow(() ->
                new UsageException(
                    "%s has no task %s any more, so its folder is not known; put it back for this"
                        .formatted(list, id)));
    RunId run = state.run();
    return new KeptTask(
        prepared,
        run,
        task,
        new TaskPlaces(workbench, prepared).folder(run, task, defined),
        task.checkpoints()
            .first()
            .orElseThrow(() ->
                new UsageException(
                    "nothing was kept of %s in run %s: it made no attempt there, or checkpoints were off; look what happened with: agent-runner log"
                        .formatted(id, run))));
  }

  private static TaskState task(RunState state, String id) {
    return state.tasks().stream()
        .filter(one -> one.id().value().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "run %s has no task %s; it has %s"
                    .formatted(
                        state.run(),
                        id,
                        state.tasks().stream()
                            .limit(20)
                            .map(one -> one.id().value())
                            .collect(Collectors.joining(", ")))));
  }

  /** How the folder looked when the task was over; empty while it is not. */
  Optional<TreeId> end() {
    if (!task.status().isFinal()) {
      return Optional.empty();
    }
    return task.checkpoints().restored() ? Optional.of(first) : task.checkpoints().after();
  }
}
