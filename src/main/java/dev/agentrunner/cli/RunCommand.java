package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Do the tasks of a list, or what is left of them.",
      "",
      "A run that was cut off is gone on with; tasks that are done are not done again."
    },
    sortOptions = false)
final class RunCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(
      paramLabel = "TASKS",
      arity = "0..1",
      defaultValue = "tasks.yml",
      description = "The task list, YAML or JSON. Default: ${DEFAULT-VALUE}.")
  private String list = "tasks.yml";

  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Ask no model and run no hook: show the order, hooks, prompt sizes, calls to expect and what would stop the run.")
  private boolean dryRun;

  @Option(
      names = "--only",
      paramLabel = "ID",
      split = ",",
      description = "Only these tasks; may be given more than once.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--from", paramLabel = "ID", description = "This task and all that follow it.")
  private @Nullable String from;

  @Option(
      names = "--redo",
      paramLabel = "ID",
      split = ",",
      description = "Do these tasks again though they are done.")
  private List<String> redo = new ArrayList<>();

  @Option(
      names = "--propose",
      description =
          "Do the tasks in a copy of their folder and show the diff: no file of yours is touched. The diff is kept, to be taken over with apply.")
  private boolean propose;

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private Place place = new Place();

  RunCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Prepared prepared = tools.workbench().prepare(options.sources(place, list, propose));
    Selection selection = new Selection(only, Optional.ofNullable(from));
    if (dryRun) {
      return new DryRun(tools, prepared, selection).print().number();
    }
    return new RunLauncher(tools)
        .launch(
            new RunLauncher.Order(prepared, selection, redo, false, options.patience()),
            Views.of(options.output(), tools))
        .number();
  }
}
