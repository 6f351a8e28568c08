package dev.agentrunner.adapter.notify;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.Programs.Talk;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Shows notices on the desktop, by what each system has for that. Texts go in as arguments or
 * variables, never as part of a script.
 */
final class DesktopWay implements Way {

  private static final String TITLE = "AGENT_RUNNER_TITLE";
  private static final String MESSAGE = "AGENT_RUNNER_MESSAGE";

  private static final String BALLOON =
      """
      Add-Type -AssemblyName System.Windows.Forms
      $n = New-Object System.Windows.Forms.NotifyIcon
      $n.Icon = [System.Drawing.SystemIcons]::Information
      $n.Visible = $true
      $n.ShowBalloonTip(5000, $env:AGENT_RUNNER_TITLE, $env:AGENT_RUNNER_MESSAGE, 'Info')
      Start-Sleep -Seconds 6
      $n.Dispose()
      """;

  private final Programs programs;
  private final String folder;
  private final Map<String, String> environment;
  private final Duration patience;
  private final String system;

  /**
   * @param system name of the operating system, as Java has it
   */
  DesktopWay(
      Programs programs,
      String folder,
      Map<String, String> environment,
      Duration patience,
      String system) {
    this.programs = programs;
    this.folder = folder;
    this.environment = environment;
    this.patience = patience;
    this.system = system.toLowerCase(Locale.ROOT);
  }

  @Override
  public Optional<String> tell(Notice notice, StopSignal stop) {
    String title = line(notice.title());
    String message = line(notice.message().isEmpty() ? notice.run().value() : notice.message());
    Map<String, String> all = new HashMap<>(environment);
    all.put(TITLE, title);
    all.put(MESSAGE, message);
    Programs.End end =
        programs.converse(
            new Talk(
                new Command.Program(words(title, message)), folder, all, "", patience, patience),
            new CommandWay.Silent(),
            stop);
    return CommandWay.trouble(end).map(why -> "the desktop was not told: its program " + why);
  }

  private List<String> words(String title, String message) {
    if (system.startsWith("mac")) {
      return List.of(
          "osascript",
          "-e",
          "on run argv",
          "-e",
          "display notification (item 2 of argv) with title (item 1 of argv)",
          "-e",
          "end run",
          "--",
          title,
          message);
    }
    return system.startsWith("windows")
        ? List.of("powershell", "-NoProfile", "-NonInteractive", "-Command", BALLOON)
        : List.of("notify-send", "--app-name=agent-runner", "--", title, escaped(message));
  }

  /** Desktops read the message of a notification as markup. */
  private static String escaped(String message) {
    return message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** What a bubble has room for. */
  private static String line(String text) {
    String first = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
    return first.length() <= 200 ? first : first.substring(0, 197) + "...";
  }
}
