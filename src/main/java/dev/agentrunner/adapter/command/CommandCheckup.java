package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.Finding;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.Command.Program;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks whether an agent's command line can be sent out on an errand. Spends no tokens. */
public final class CommandCheckup {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int WORD_CHARS_MAX = 40;

  private final ProviderSettings provider;
  private final Path project;
  private final Map<String, String> environment;
  private final Programs programs;

  /**
   * @param project where paths of the settings begin
   * @param environment the runner's own
   */
  public CommandCheckup(
      ProviderSettings provider, Path project, Map<String, String> environment, Programs programs) {
    this.provider = provider;
    this.project = project;
    this.environment = environment;
    this.programs = programs;
  }

  /** Why it cannot work, as far as that is to be seen without starting it. */
  public Optional<String> missing() {
    try {
      CommandSettings settings = CommandSettings.of(provider, project);
      settings.requireProgram(project, environment);
      Account.of(settings, environment);
      return Optional.empty();
    } catch (UsageException | EnvironmentException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    }
  }

  /** Starts it to ask for its version and its login, where it can tell. */
  public List<Finding> examine(StopSignal stop) {
    List<Finding> findings = new ArrayList<>();
    try {
      CommandSettings settings = CommandSettings.of(provider, project);
      settings.requireProgram(project, environment);
      Account account = Account.of(settings, environment);
      findings.add(version(settings, account, stop));
      findings.add(login(settings, account, stop));
      findings.add(mode(settings));
    } catch (UsageException | EnvironmentException wrong) {
      findings.add(Finding.problem("settings", String.valueOf(wrong.getMessage()), ""));
    }
    return findings;
  }

  private Finding version(CommandSettings settings, Account account, StopSignal stop) {
    Preset preset = settings.preset();
    List<String> words = preset.dialect().versionWords();
    if (words.isEmpty()) {
      return Finding.unknown("version", "how it tells its version is not known");
    }
    Heard heard = ask(settings, account, words, stop);
    return heard.exit().filter(code -> code == 0).isPresent()
        ? Finding.ok("version", heard.firstLine())
        : Finding.problem(
            "version",
            "it does not run: " + heard.why(),
            "Get it again: %s.".formatted(preset.install()));
  }

  private Finding login(CommandSettings settings, Account account, StopSignal stop) {
    List<String> words = settings.preset().dialect().loginWords();
    if (account.metered()) {
      return Finding.ok("payer", account.credential() + ", metered");
    }
    if (words.isEmpty()) {
      return Finding.unknown("login", account.credential() + "; it cannot be asked");
    }
    Heard heard = ask(settings, account, words, stop);
    if (heard.exit().isEmpty()) {
      return Finding.unknown("login", heard.why());
    }
    return heard.exit().get() == 0
        ? Finding.ok("login", account.credential() + ", not metered")
        : Finding.problem(
            "login", "nobody is logged in", "Log in: %s.".formatted(settings.preset().logIn()));
  }

  private static Finding mode(CommandSettings settings) {
    Errand errand = new Errand("", Optional.empty(), "…", "", Optional.empty(), Usage.NONE, "…");
    List<String> words = new ArrayList<>(settings.words());
    words.addAll(settings.preset().dialect().flags(errand, settings.permissions()));
    words.addAll(settings.more());
    words.replaceAll(
        word -> word.length() > WORD_CHARS_MAX ? word.substring(0, WORD_CHARS_MAX) + "…" : word);
    String line = String.join(" ", words);
    return settings.preset() == Preset.GENERIC
        ? Finding.unknown("mode", "whether it asks questions is not known: " + line)
        : Finding.ok("mode", "asks nothing: " + line);
  }

  /**
   * What one question brought.
   *
   * @param exit empty if it did not end by itself
   */
  private record Heard(Optional<Integer> exit, List<String> lines, String trouble) {

    String firstLine() {
      return lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("it does not say");
    }

    String why() {
      return trouble.isEmpty()
          ? exit.map(code -> "exit code %d, %s".formatted(code, firstLine())).orElse("")
          : trouble;
    }
  }

  private Heard ask(
      CommandSettings settings, Account account, List<String> question, StopSignal stop) {
    List<String> words = new ArrayList<>();
    words.add(settings.words().getFirst());
    words.addAll(question);
    List<String> lines = new ArrayList<>();
    Programs.End end =
        programs.converse(
            new Programs.Talk(
                new Program(words),
                project.toString(),
                account.variables(),
                "",
                PATIENCE,
                PATIENCE),
            new Programs.Listener() {
              @Override
              public void line(String line) {
                lines.add(line);
              }

              @Override
              public void complaint(String line) {
                lines.add(line);
              }

              @Override
              public void silence(Duration since) {}
            },
            stop);
    return switch (end) {
      case Programs.Exited(int code) -> new Heard(Optional.of(code), lines, "");
      case Programs.FellSilent(Duration limit) -> unanswered(lines, limit);
      case Programs.TookTooLong(Duration limit) -> unanswered(lines, limit);
      case Programs.NotStarted(String why) -> new Heard(Optional.empty(), lines, why);
      case Programs.Interrupted() -> new Heard(Optional.empty(), lines, "stopped, as was asked");
    };
  }

  private static Heard unanswered(List<String> lines, Duration limit) {
    return new Heard(Optional.empty(), lines, "no answer within %d s".formatted(limit.toSeconds()));
  }
}
