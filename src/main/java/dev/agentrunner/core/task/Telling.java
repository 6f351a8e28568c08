package dev.agentrunner.core.task;

import dev.agentrunner.core.task.ProviderSettings.KeySource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told of a run besides whoever started it.
 *
 * @param reports written whenever a run ends or stops
 * @param notifications sent off as things happen
 */
public record Telling(List<ReportFile> reports, List<Notification> notifications) {

  /** Nobody. */
  public static final Telling NONE = new Telling(List.of(), List.of());

  public Telling {
    reports = List.copyOf(reports);
    notifications = List.copyOf(notifications);
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

  /** What is worth telling somebody who is not looking. */
  public enum Occasion {
    /** The run is over, or was stopped. */
    END,
    /** A task failed, or the run cannot go on. */
    FAILURE,
    /** A person must decide. */
    NEED,
    /** A quota is used up. */
    LIMIT
  }

  /**
   * A way to tell somebody; each of the three that is there is used.
   *
   * @param command is started with what happened on its standard input and in its environment
   * @param desktop whether whoever is at the screen is shown it
   */
  public record Notification(
      Set<Occasion> on, Optional<Command> command, boolean desktop, Optional<Webhook> webhook) {

    public Notification {
      on = Set.copyOf(on);
    }
  }

  /**
   * An address that is posted to.
   *
   * @param address may hold a secret, as many such addresses do
   * @param secretVariable environment variable with the secret that posts are signed with
   */
  public record Webhook(KeySource address, Optional<String> secretVariable) {}
}
