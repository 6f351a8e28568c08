package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.LogCheck;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.UsageException;
import java.io.PrintStream;
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
      "With --log: check the run's event log instead. Changes nothing in log or state. Exit code 1: a hook failed, or the log is not as it was written."
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
      names = "--log",
      description =
          "Check the event log: each line names the digest of the one before, back to the first.")
  private boolean log;

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
    if (!log) {
      return new GateReview(tools, place, Optional.ofNullable(run), ids, output).call().number();
    }
    if (ids.size() > 1 || (run != null && !ids.isEmpty())) {
      throw new UsageException("verify --log checks one run; name it, or none for the last");
    }
    Optional<String> named = Optional.ofNullable(run).or(() -> ids.stream().findFirst());
    History history = tools.workbench().history(tools.workbench().project(place.directory()));
    RunId id = StatusCommand.meant(history, named);
    return tell(id, history.check(id)).number();
  }

  private ExitCode tell(RunId id, LogCheck check) {
    PrintStream out = tools.screen().out();
    return switch (check) {
      case LogCheck.Whole(long events, String digest, boolean torn) -> {
        out.printf("The log of run %s is whole: %s.%n", id, Words.count(events, "event"));
        if (torn) {
          out.println(
              "Its last line was cut off while it was written, and never counted; the next run takes it away.");
        }
        out.printf("The last line has the digest %s%n", digest);
        yield ExitCode.DONE;
      }
      case LogCheck.Broken(String where) -> {
        out.printf("The log of run %s is broken.%n%s%n", id, Screen.harmless(where));
        yield ExitCode.FAILED;
      }
    };
  }
}
