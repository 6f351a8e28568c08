package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code worker}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Work on the runs of a server, beside its own workers.",
      "",
      "For a database that several machines reach: PostgreSQL. The folders of the projects must be",
      "there under the same paths. A worker that is gone is noticed within five seconds, and others",
      "go on with its runs."
    },
    sortOptions = false)
final class WorkerCommand implements Callable<Integer> {

  private final Tools tools;

  @Mixin private DatabaseOption database = new DatabaseOption();

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Runs worked on at once. Default: ${DEFAULT-VALUE}.",
      defaultValue = "4")
  private int slots = 4;

  WorkerCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    Platform platform = tools.workbench().platform();
    return new Service(tools)
        .until(() -> platform.work(database.orOf(platform), Math.max(1, slots)))
        .number();
  }
}
