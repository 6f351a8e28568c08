package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.Intervention;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code retry}. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Have tasks of the last run worked on again, whatever became of them.",
      "",
      "Only writes that down; resume does it. Tasks that were blocked are looked at again too."
    },
    sortOptions = false)
final class RetryCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(paramLabel = "TASK", arity = "1..*", description = "Ids of tasks.")
  private List<String> ids = List.of();

  @Mixin private Place place = new Place();

  RetryCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    new Amendment(tools, place)
        .write(
            ids,
            "To be worked on again: " + String.join(", ", ids),
            task -> new Intervention.Again().on(task).orElseThrow());
    return ExitCode.DONE.number();
  }
}
