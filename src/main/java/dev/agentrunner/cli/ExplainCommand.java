package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.report.Explanation;
import dev.agentrunner.core.report.Explanation.TaskFiles;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.report.TaskReport;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskCheckpoints;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.json.ExplanationJson;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.EnvironmentException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Say why a run stopped, what it cost, what is safe now, and the command to go on with.",
      "",
      "Reads only; works after a crash, and while the run goes on."
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

  /** How it is told. */
  enum Output {
    plain,
    json
  }

  private final Tools tools;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run. Default: the project's last one.")
  private @Nullable String run;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = "plain or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "plain")
  private Output output = Output.plain;

  @Mixin private Place place = new Place();

  ExplainCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    String project = tools.workbench().project(place.directory());
    History history = tools.workbench().history(project);
    RunId id = StatusCommand.meant(history, Optional.ofNullable(run));
    Explanation explanation = explain(project, history, id);
    if (output == Output.json) {
      byte[] json = ExplanationJson.write(explanation);
      tools.screen().out().write(json, 0, json.length);
      tools.screen().out().println();
    } else {
      new ExplanationText(
              tools.screen(),
              tools.clock().instant(),
              ZoneId.systemDefault(),
              (name, task) -> command(name, task.value()))
          .print(explanation);
    }
    return ExitCode.DONE.number();
  }

  private String command(String name, String task) {
    return run == null
        ? ShellWords.command(place.directory(), name, task)
        : ShellWords.command(place.directory(), name, task, "--run", run);
  }

  private Explanation explain(String project, History history, RunId id) {
    RunReport report = RunReports.of(history, id);
    Standing standing = RunReports.standing(history, report);
    NextCommands commands =
        new NextCommands(
            place.directory(),
            list(report.state(), project),
            tools.clock().instant(),
            ZoneId.systemDefault());
    return new Explanation(
        report,
        standing,
        files(report, tools.workbench().checkpoints(project)),
        laterRun(history, report.state())
            .map(commands::afterLater)
            .orElseGet(() -> commands.after(report.state(), standing)));
  }

  private String list(RunState state, String project) {
    return state
        .started()
        .map(start -> tools.workbench().listFile(project, start.list()))
        .orElse("TASKS");
  }

  /** The newest run of the same list, if it is not this one. */
  private static Optional<RunId> laterRun(History history, RunState state) {
    return history.runs().stream()
        .takeWhile(run -> !run.equals(state.run()))
        .filter(run ->
            history
                .beginning(run)
                .map(start -> start.list())
                .equals(state.started().map(RunState.Start::list)))
        .findFirst();
  }

  private static Map<TaskId, TaskFiles> files(RunReport report, Checkpoints checkpoints) {
    Map<TaskId, TaskFiles> files = new LinkedHashMap<>();
    for (TaskReport task : report.tasks()) {
      TaskFiles changed = files(task, checkpoints);
      if (!changed.isEmpty()) {
        files.put(task.state().id(), changed);
      }
    }
    return files;
  }

  private static TaskFiles files(TaskReport task, Checkpoints checkpoints) {
    TaskCheckpoints kept = task.state().checkpoints();
    return new TaskFiles(
        task.edited(),
        changed(kept, checkpoints).stream().filter(path -> !task.edited().contains(path)).toList(),
        task.inDoubt(),
        kept.first().isPresent(),
        kept.restored());
  }

  private static List<String> changed(TaskCheckpoints kept, Checkpoints checkpoints) {
    Optional<TreeId> first = kept.first();
    Optional<TreeId> after = kept.after();
    if (first.isEmpty() || after.isEmpty()) {
      return List.of();
    }
    try {
      return checkpoints.changes(first.get(), after.get()).stream().map(PathChange::path).toList();
    } catch (EnvironmentException e) {
      return List.of(); // What was kept is gone; the log still knows what the tools did.
    }
  }
}
