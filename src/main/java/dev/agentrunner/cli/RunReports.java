package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.report.ReportFold;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.Telling.ReportFormat;

/** Reports of runs, from their logs. */
public final class RunReports {

  private RunReports() {}

  /**
   * What the run has come to; only what its state tells where the log is gone.
   *
   * @throws dev.agentrunner.port.EnvironmentException if its log is damaged
   */
  static RunReport of(History history, RunId run) {
    ReportFold fold = new ReportFold(run);
    history.events(run, fold);
    RunReport report = fold.report();
    return report.state().seq() == 0 ? RunReport.of(history.state(run)) : report;
  }

  /** Where the run stands: only the newest can be the one that somebody is at. */
  static Standing standing(History history, RunReport report) {
    RunId run = report.state().run();
    return Standing.of(
        report.state(), history.holder().filter(_ -> history.runs().getFirst().equals(run)));
  }

  /** A report as it is kept or shown. */
  public static String text(ReportFormat format, RunReport report, Standing standing) {
    return switch (format) {
      case MARKDOWN, GITHUB -> MarkdownReport.of(report, standing);
      case JUNIT -> JunitReport.of(report, standing);
    };
  }
}
