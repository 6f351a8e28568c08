package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Run the post-hooks of tasks that are done once more, without an agent.",
      "",
      "Changes nothing in the run's log or state. Exit code 1: a hook failed."
    },
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(
      paramLabel = "TASK",
      arity = "0..*",
      description = "Ids of tasks. Default: all that are done.")
  private List<String> ids = List.of();

  @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
  private @Nullable String run;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HOW",
      description = "plain or json. Default: ${DEFAULT-VALUE}.",
      defaultValue = "plain")
  private StatusCommand.Output output = StatusCommand.Output.plain;

  @Mixin private Place place = new Place();

  VerifyCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    return new GateReview(tools, place, Optional.ofNullable(run), ids, output).call().number();
  }
}
