package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Given;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Listed;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.core.run.DecisionCheck;
import dev.agentrunner.core.run.DecisionCheck.Difference;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.UsageException;
import java.io.PrintStream;
import java.util.ArrayList;
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

/** {@code replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Play a run from its log and compare every decision with what would be decided now.",
      "",
      "Asks no model, runs no hook, writes nothing. Exit code 1: a decision would be another one."
    },
    sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

  private static final int SHOWN_MAX = 10;

  private final Tools tools;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run. Default: the project's last one.")
  private @Nullable String run;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set any configuration key, as the run had it set.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Mixin private Place place = new Place();

  ReplayCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    String project = tools.workbench().project(place.directory());
    History history = tools.workbench().history(project);
    RunId id = StatusCommand.meant(history, Optional.ofNullable(run));
    RunStarted start =
        history
            .beginning(id)
            .orElseThrow(() ->
                new UsageException(
                    "the log of run %s is gone or cannot be read; name another run".formatted(id)));
    Prepared prepared = prepared(tools.workbench().listFile(project, start.list()), start);
    Listed listed = prepared.list().orElseThrow();
    DecisionCheck check = new DecisionCheck(id, plan(prepared, listed), listed.digests());
    history.events(id, check);
    if (check.state().seq() == 0) {
      throw new UsageException("run %s has no log to be played; name another run".formatted(id));
    }
    return tell(id, check).number();
  }

  /** With the provider that the run was begun with, which a flag may have named. */
  private Prepared prepared(String list, RunStarted start) {
    List<Given> flags = new ArrayList<>();
    set.forEach((key, value) -> flags.add(new Given("--set " + key, key, value)));
    Prepared now = prepare(list, flags);
    if (now.settings().agent().provider().equals(start.provider())) {
      return now;
    }
    flags.add(new Given("the run's provider", "provider", start.provider()));
    return prepare(list, flags);
  }

  private Prepared prepare(String list, List<Given> flags) {
    return tools
        .workbench()
        .prepare(
            new Sources(
                place.directory(), place.config(), Optional.of(list), flags, Optional.empty()));
  }

  /** Decisions do not depend on what models are told besides. */
  private static Plan plan(Prepared prepared, Listed listed) {
    Map<TaskId, Task> byId = new LinkedHashMap<>();
    listed.tasks().inOrder().forEach(task -> byId.put(task.id(), task));
    return new Plan(byId, prepared.settings(), "", List.of());
  }

  private ExitCode tell(RunId id, DecisionCheck check) {
    PrintStream out = tools.screen().out();
    out.printf(
        "Played run %s: %s, %s compared.%n",
        id,
        Words.count(check.state().seq(), "event"),
        Words.count(check.agreed() + check.differences().size(), "decision"));
    if (!check.edited().isEmpty()) {
      out.printf(
          "Defined otherwise now, and not compared for %s: %s.%n",
          Words.count(check.notCompared(), "event"),
          String.join(", ", check.edited().stream().map(TaskId::value).sorted().toList()));
    }
    check.differences().stream().limit(SHOWN_MAX).forEach(difference -> print(difference, out));
    int more = check.differences().size() - SHOWN_MAX;
    if (more > 0) {
      out.printf("... and %s more.%n", more);
    }
    check
        .next(tools.clock().instant())
        .ifPresent(step -> out.printf("The log ends here; next would be: %s%n", text(step)));
    if (check.differences().isEmpty()) {
      out.println("All decisions agree.");
      return ExitCode.DONE;
    }
    out.println(
        "They are compared under the configuration as it is now; --set KEY=VALUE sets what the run had.");
    return ExitCode.FAILED;
  }

  private static String text(Step step) {
    return Screen.harmless(StepText.of(step)).replace('\n', ' ');
  }

  private static void print(Difference difference, PrintStream out) {
    RunEvent happened = difference.happened();
    String where =
        switch (happened) {
          case RunEvent.OfAttempt e -> " %s/%d".formatted(e.task(), e.attempt());
          case RunEvent.OfTask e -> " " + e.task();
          default -> "";
        };
    out.printf(
        "Event %d: %s%s %s%n",
        difference.seq(),
        happened.type(),
        where,
        Screen.harmless(EventText.of(happened)).replace('\n', ' '));
    out.printf("  now: %s%n", text(difference.decided()));
  }
}
