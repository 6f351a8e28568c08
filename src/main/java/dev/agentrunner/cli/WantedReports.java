package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.ReportPlaces;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.Telling.ReportFile;
import java.util.List;
import java.util.Optional;

/** Writes the reports that the configuration asks for. What goes wrong with that is a warning. */
final class WantedReports {

  private final Tools tools;
  private final Prepared prepared;

  WantedReports(Tools tools, Prepared prepared) {
    this.tools = tools;
    this.prepared = prepared;
  }

  /** Writes them for a run that is over, stands still, or broke off just now. */
  void write(RunId run) {
    List<ReportFile> wanted = prepared.settings().telling().reports();
    if (wanted.isEmpty()) {
      return;
    }
    try {
      RunReport report = RunReports.of(tools.workbench().history(prepared.project()), run);
      Standing standing = Standing.of(report.state(), Optional.empty());
      wanted.forEach(one -> write(one, RunReports.text(one.format(), report, standing)));
    } catch (RuntimeException e) {
      warn("no report could be made: " + e.getMessage());
    }
  }

  private void write(ReportFile wanted, String text) {
    ReportPlaces places = tools.workbench().reportPlaces();
    try {
      wanted
          .file()
          .ifPresentOrElse(
              file -> places.write(tools.workbench().listFile(prepared.project(), file), text),
              () -> places.addToStepSummary(text));
    } catch (RuntimeException e) {
      warn("a report was not written: " + e.getMessage());
    }
  }

  /** Whatever it is, the run has ended as it has ended. */
  private void warn(String what) {
    tools.screen().err().println("Warning: " + Screen.harmless(what));
  }
}
