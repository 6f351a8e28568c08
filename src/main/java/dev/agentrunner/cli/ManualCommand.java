package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code manual}. */
@Command(
    name = "manual",
    mixinStandardHelpOptions = true,
    description = {
      "Write the pages of the manual into a folder.",
      "",
      "A page for each command, to be read with man -l FILE or put where man looks."
    },
    sortOptions = false)
final class ManualCommand implements Callable<Integer> {

  private final Tools tools;
  private final Supplier<CommandLine> whole;

  @Parameters(paramLabel = "DIR", description = "The folder; it is made if need be.")
  private String folder = "";

  /**
   * @param whole every command there is
   */
  ManualCommand(Tools tools, Supplier<CommandLine> whole) {
    this.tools = tools;
    this.whole = whole;
  }

  @Override
  public Integer call() {
    Map<String, String> pages = ManualPage.all(whole.get(), tools.version());
    Workbench.ReportPlaces places = tools.workbench().reportPlaces();
    pages.forEach((name, page) -> places.write(folder + "/" + name, page));
    tools.screen().out().printf("Wrote %s into %s.%n", Words.count(pages.size(), "page"), folder);
    return ExitCode.DONE.number();
  }
}
