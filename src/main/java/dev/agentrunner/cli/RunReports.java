package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.core.report.ReportFold;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.run.RunId;

/** Reports of runs, from their logs. */
final class RunReports {

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
}
