package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.Intervention;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skip}. */
@Command(
    name = "skip",
    mixinStandardHelpOptions = true,
    description = {
      "Leave tasks of the last run out.",
      "",
      "Only writes that down; resume goes on with the others. retry takes it back."
    },
    sortOptions = false)
final class SkipCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(paramLabel = "TASK", arity = "1..*", description = "Ids of tasks.")
  private List<String> ids = List.of();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the log. Default: ${DEFAULT-VALUE}.",
      defaultValue = "left out by hand")
  private String reason = "left out by hand";

  @Mixin private Place place = new Place();

  SkipCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    new Amendment(tools, place)
        .write(
            ids,
            "Left out: " + String.join(", ", ids),
            task -> new Intervention.Leave(reason).on(task).orElseThrow());
    return ExitCode.DONE.number();
  }
}
