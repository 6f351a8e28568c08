package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.engine.RunEngine;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Writes into the project's last run what a person decided about tasks while it stands still. */
final class Amendment {

  private final Tools tools;
  private final Place place;

  Amendment(Tools tools, Place place) {
    this.tools = tools;
    this.place = place;
  }

  /**
   * @param ids of the tasks decided about
   * @param why for whoever asks why the run stands still
   * @param decided the events for one of them
   * @throws UsageException if the run has no such task, or its log is gone
   */
  void write(List<String> ids, String why, Function<TaskState, List<RunEvent>> decided) {
    Workbench workbench = tools.workbench();
    String project = workbench.project(place.directory());
    History history = workbench.history(project);
    RunState last = history.state(StatusCommand.meant(history, Optional.empty()));
    Prepared prepared =
        workbench.prepare(
            place.sources(last.started().map(start -> workbench.listFile(project, start.list()))));
    try (Session session = workbench.open(prepared)) {
      if (!session.hasLog(last.run())) {
        throw new UsageException(
            "the log of run %s is gone; begin a new one with: agent-runner run"
                .formatted(last.run()));
      }
      // Read again: until now somebody else could write.
      RunState state = session.recover(last.run());
      List<RunEvent> events =
          ids.stream().flatMap(id -> decided.apply(task(state, id)).stream()).toList();
      new RunEngine(
              session.surroundings(
                  state.run(), new TerminalPeople(tools.screen(), tools.keyboard())),
              new Plan(Map.of(), prepared.settings(), PromptWriter.SYSTEM, List.of()),
              session.keeper(state.run()),
              new StopSignal())
          .amend(state, events, why);
    }
    String there = place.directory().map(dir -> " -C " + dir).orElse("");
    tools.screen().out().printf("%s. Go on with: agent-runner resume%s%n", why, there);
  }

  private static TaskState task(RunState state, String id) {
    if (!TaskId.isValid(id) || !state.tasks().has(new TaskId(id))) {
      throw new UsageException(
          "run %s has no task %s; see its tasks with: agent-runner status"
              .formatted(state.run(), id));
    }
    return state.tasks().task(new TaskId(id));
  }
}
