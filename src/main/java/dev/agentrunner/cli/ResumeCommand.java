package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private Place place = new Place();

  ResumeCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    String file = list != null ? list : listOfLastRun();
    Workbench.Prepared prepared =
        tools
            .workbench()
            .prepare(
                new Sources(
                    place.directory(),
                    place.config(),
                    Optional.of(file),
                    options.flags(),
                    options.record()));
    return new RunLauncher(tools)
        .launch(
            new RunLauncher.Order(
                prepared, new Selection(List.of(), Optional.empty()), List.of(), true),
            Views.of(options.output(), tools))
        .number();
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
