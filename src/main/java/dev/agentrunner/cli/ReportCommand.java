package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.Telling.ReportFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write a report of a run: what is done, what is not and why, and what it cost.",
      "",
      "From the log alone; works after a crash, and while the run goes on."
    },
    sortOptions = false)
final class ReportCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run. Default: the project's last one.")
  private @Nullable String run;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "markdown, junit (XML, each task a test), or github (Markdown, added to the file in GITHUB_STEP_SUMMARY where that is set).",
        "Default: ${DEFAULT-VALUE}."
      },
      defaultValue = "markdown")
  private ReportFormat format = ReportFormat.MARKDOWN;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write, in place of what it holds. Default: standard output.")
  private @Nullable String out;

  @Mixin private Place place = new Place();

  ReportCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    String project = tools.workbench().project(place.directory());
    History history = tools.workbench().history(project);
    RunId id = StatusCommand.meant(history, Optional.ofNullable(run));
    RunReport report = RunReports.of(history, id);
    String text = RunReports.text(format, report, RunReports.standing(history, report));
    if (out != null) {
      tools.workbench().reportPlaces().write(out, text);
    } else if (format != ReportFormat.GITHUB
        || !tools.workbench().reportPlaces().addToStepSummary(text)) {
      tools.screen().out().print(text);
      tools.screen().out().flush();
    }
    return ExitCode.DONE.number();
  }
}
