package dev.agentrunner.core.task;

import java.util.List;
import java.util.Optional;

/**
 * Who is told of a run besides whoever started it.
 *
 * @param reports written whenever a run ends or stops
 */
public record Telling(List<ReportFile> reports) {

  /** Nobody. */
  public static final Telling NONE = new Telling(List.of());

  public Telling {
    reports = List.copyOf(reports);
  }

  /** How a report is written. */
  public enum ReportFormat {
    /** For people. */
    MARKDOWN,
    /** For programs that show test results: each task is a test. */
    JUNIT,
    /** Markdown, added to the summary of the GitHub Actions step that is going on. */
    GITHUB
  }

  /**
   * A report that is written.
   *
   * @param file from the project's folder; empty for where the format has a place of its own
   */
  public record ReportFile(ReportFormat format, Optional<String> file) {}
}
