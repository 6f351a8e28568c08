package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.port.BusyException;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code resume}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Go on with a run that was stopped, cut off, or held by a quota.",
      "",
      "Goes on from the last reply, not from the first. Says what it found and decided."
    },
    sortOptions = false)
final class ResumeCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(
      paramLabel = "TASKS",
      arity = "0..1",
      description = "The task list. Default: that of the project's last run.")
  private @Nullable String list;

  @Option(
      names = "--if-due",
      description =
          "Say and do nothing, exit code 0, unless a run is waiting and can go on now; for cron.")
  private boolean ifDue;

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private Place place = new Place();

  ResumeCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    if (ifDue && !isDue()) {
      return ExitCode.DONE.number();
    }
    String file = list != null ? list : listOfLastRun();
    Workbench.Prepared prepared = tools.workbench().prepare(options.sources(place, file));
    try {
      return launch(prepared).number();
    } catch (BusyException e) {
      if (ifDue) {
        return ExitCode.DONE.number(); // It is being gone on with.
      }
      throw e;
    }
  }

  private ExitCode launch(Workbench.Prepared prepared) {
    return new RunLauncher(tools)
        .launch(
            new RunLauncher.Order(
                prepared,
                new Selection(List.of(), Optional.empty()),
                List.of(),
                true,
                options.patience()),
            Views.of(options.output(), tools));
  }

  /** Whether there is a run that neither a clock nor a person holds up. */
  private boolean isDue() {
    Workbench.History history =
        tools.workbench().history(tools.workbench().project(place.directory()));
    return history.runs().stream()
        .findFirst()
        .map(history::state)
        .filter(state -> !state.status().isFinal())
        .filter(state -> state.pause().isEmpty() || isDue(state.pause().get()))
        .isPresent();
  }

  private boolean isDue(RunPaused pause) {
    return switch (pause.reason()) {
      case QUOTA -> pause.resumeAt().filter(tools.clock().instant()::isBefore).isEmpty();
      case INTERRUPTED, ENVIRONMENT -> true;
      case BUDGET, NEEDS_PERSON -> false;
    };
  }

  private String listOfLastRun() {
    String project = tools.workbench().project(place.directory());
    Workbench.History history = tools.workbench().history(project);
    return history.runs().stream()
        .flatMap(run -> history.beginning(run).stream())
        .findFirst()
        .map(start -> tools.workbench().listFile(project, start.list()))
        .orElseThrow(() ->
            new UsageException(
                "nothing to resume: no run was started in %s; start one with: agent-runner run TASKS"
                    .formatted(project)));
  }
}
