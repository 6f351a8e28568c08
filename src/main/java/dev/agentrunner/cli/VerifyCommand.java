package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.LogCheck;
import dev.agentrunner.core.run.RunId;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check what a run left behind.",
      "",
      "Reads only. Exit code 1: something is not as it was written."
    },
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run. Default: the project's last one.")
  private @Nullable String run;

  @Option(
      names = "--log",
      description =
          "Check the event log: each line names the digest of the one before, back to the first.")
  private boolean log;

  @Mixin private Place place = new Place();

  @Spec private CommandSpec spec;

  VerifyCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    if (!log) {
      spec.commandLine().usage(spec.commandLine().getErr());
      return ExitCode.USAGE.number();
    }
    History history = tools.workbench().history(tools.workbench().project(place.directory()));
    RunId id = StatusCommand.meant(history, Optional.ofNullable(run));
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
