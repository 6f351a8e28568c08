package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.json.ReportJson;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show how far the project's last run is.",
      "",
      "Reads only; works while the run goes on. --watch shows it as it goes on, until it is over."
    },
    sortOptions = false)
final class StatusCommand implements Callable<Integer> {

  /** How the status is shown. */
  enum Output {
    plain,
    json
  }

  private final Tools tools;

  @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
  private @Nullable String run;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = "plain or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "plain")
  private Output output = Output.plain;

  @Option(
      names = "--verify",
      description =
          "Look at the folders too: a task is stale if its own differs from when it was done.")
  private boolean verify;

  @Option(
      names = {"-w", "--watch"},
      description = "Keep showing it, as the terminal of the run does, until it is over; q leaves.")
  private boolean watch;

  @Mixin private Place place = new Place();

  StatusCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    History history = tools.workbench().history(tools.workbench().project(place.directory()));
    RunId id = meant(history, Optional.ofNullable(run));
    RunState state = watch ? new Watch(history, id, Views.live(tools)).follow() : history.state(id);
    if (output == Output.json) {
      byte[] json = ReportJson.status(state, evidence(history, state));
      tools.screen().out().write(json, 0, json.length);
      tools.screen().out().println();
      return ExitCode.DONE.number();
    }
    print(state, history);
    return ExitCode.DONE.number();
  }

  private Map<TaskId, Evidence> evidence(History history, RunState state) {
    ProvenRun proven = new ProvenRun(tools.workbench(), history, state);
    return verify ? proven.looked(prepared(state)) : proven.evidence();
  }

  private Workbench.Prepared prepared(RunState state) {
    String project = tools.workbench().project(place.directory());
    Optional<String> list =
        state.started().map(start -> tools.workbench().listFile(project, start.list()));
    return tools.workbench().prepare(place.sources(list));
  }

  private static List<String> stale(Map<TaskId, Evidence> evidence) {
    List<String> lines =
        evidence.entrySet().stream()
            .filter(entry -> entry.getValue().stale().orElse(false))
            .map(entry ->
                "%s is stale: its folder was changed after it was done".formatted(entry.getKey()))
            .toList();
    return lines.isEmpty() ? List.of("Nothing is stale.") : lines;
  }

  private void print(RunState state, History history) {
    var out = tools.screen().out();
    Summary summary = Views.summary(tools);
    out.printf("run     %s%n", state.run());
    state.started().ifPresent(start -> out.printf("tasks   %s%n", start.list()));
    out.printf(
        "status  %s%s%n",
        state.status().name().toLowerCase(Locale.ROOT),
        state.status().isFinal()
            ? ""
            : ", " + state.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    out.println();
    summary.tasks(state, out);
    if (verify) {
      out.println();
      stale(evidence(history, state)).forEach(line -> out.println(tools.screen().yellow(line)));
    }
    out.println();
    out.printf("%s. %s.%n", Words.tally(state), Words.spent(state.usage()));
    state.pause().ifPresent(pause -> out.println(summary.stillness(pause)));
    state
        .started()
        .map(RunState.Start::reason)
        .filter(reason -> !reason.isEmpty())
        .ifPresent(reason -> out.println("Failed: " + Screen.harmless(reason)));
    out.printf("Logs: %s%n", history.folder(state.run()));
  }

  /**
   * The run that is meant.
   *
   * @throws UsageException if there is none
   */
  static RunId meant(History history, Optional<String> named) {
    if (named.isEmpty()) {
      return history.runs().stream()
          .findFirst()
          .orElseThrow(() ->
              new UsageException(
                  "no run here yet; start one with: agent-runner run TASKS, or name the project with -C DIR"));
    }
    return history.runs().stream()
        .filter(one -> one.value().equals(named.get()))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "there is no run %s; take one of those in .agent-runner/runs, such as the newest: %s"
                    .formatted(
                        named.get(),
                        history.runs().stream().findFirst().map(RunId::value).orElse("none"))));
  }
}
