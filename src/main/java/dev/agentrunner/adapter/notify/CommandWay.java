package dev.agentrunner.adapter.notify;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.json.NoticeJson;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.Programs.Talk;
import dev.agentrunner.port.StopSignal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Starts a command of the user's, with the notice on its standard input and in its environment. */
final class CommandWay implements Way {

  private final Command command;
  private final Programs programs;
  private final String folder;
  private final Map<String, String> environment;
  private final Duration patience;

  /**
   * @param folder where it runs
   * @param environment that it gets, besides the notice
   */
  CommandWay(
      Command command,
      Programs programs,
      String folder,
      Map<String, String> environment,
      Duration patience) {
    this.command = command;
    this.programs = programs;
    this.folder = folder;
    this.environment = environment;
    this.patience = patience;
  }

  @Override
  public Optional<String> tell(Notice notice, StopSignal stop) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables(notice));
    Programs.End end =
        programs.converse(
            new Talk(
                program(),
                folder,
                all,
                new String(NoticeJson.write(notice), StandardCharsets.UTF_8) + "\n",
                patience,
                patience),
            new Silent(),
            stop);
    return trouble(end).map(why -> "the command of notify %s".formatted(why));
  }

  private Command.Program program() {
    return switch (command) {
      case Command.Program program -> program;
      case Command.Shell(String line) ->
          new Command.Program(
              System.getProperty("os.name", "").startsWith("Windows")
                  ? List.of("cmd", "/c", line)
                  : List.of("sh", "-c", line));
    };
  }

  private static Map<String, String> variables(Notice notice) {
    Map<String, String> variables = new HashMap<>();
    variables.put("AGENT_RUNNER_EVENT", notice.occasion().name().toLowerCase(Locale.ROOT));
    variables.put("AGENT_RUNNER_RUN_ID", notice.run().value());
    variables.put("AGENT_RUNNER_TASKS_FILE", notice.list());
    notice.task().ifPresent(task -> variables.put("AGENT_RUNNER_TASK_ID", task.value()));
    variables.put("AGENT_RUNNER_TITLE", notice.title());
    variables.put("AGENT_RUNNER_MESSAGE", notice.message());
    notice.resumeAt().ifPresent(at -> variables.put("AGENT_RUNNER_RESUME_AT", at.toString()));
    variables.replaceAll((_, value) -> value.replace("\0", ""));
    return variables;
  }

  /** Why a program did not do its work; empty if it did. */
  static Optional<String> trouble(Programs.End end) {
    return switch (end) {
      case Programs.Exited(int code) ->
          code == 0 ? Optional.empty() : Optional.of("ended with " + code);
      case Programs.FellSilent(Duration limit) -> Optional.of(overTime(limit));
      case Programs.TookTooLong(Duration limit) -> Optional.of(overTime(limit));
      case Programs.NotStarted(String why) -> Optional.of("could not be started: " + why);
      case Programs.Interrupted _ -> Optional.of("was not done when the program ended");
    };
  }

  private static String overTime(Duration limit) {
    return "was ended after %d s".formatted(limit.toSeconds());
  }

  /** What it prints is nobody's concern. */
  static final class Silent implements Programs.Listener {

    @Override
    public void line(String line) {}

    @Override
    public void complaint(String line) {}

    @Override
    public void silence(Duration since) {}
  }
}
