package dev.agentrunner.core.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a command may run. A line is taken apart into all the programs it starts, and
 * each must be allowed on its own; one that is denied denies the line. What cannot be judged from
 * its text is asked for.
 */
public final class CommandPolicy {

  private final CommandRules rules;
  private final Set<String> granted;

  /**
   * @param granted rules that a person gave on top: what they allow is not asked for again
   */
  public CommandPolicy(CommandRules rules, Collection<String> granted) {
    this.rules = rules;
    this.granted = Set.copyOf(granted);
  }

  /** Of a line for a shell. */
  public Verdict decide(String line) {
    return decide(line, ShellLine.read(line));
  }

  /** Of a program and its arguments, which no shell reads. */
  public Verdict decide(List<String> argv) {
    SimpleCommand command = SimpleCommand.of(argv.stream().map(ShellWord::of).toList());
    return decide(String.join(" ", argv), new ShellLine(List.of(command), false, Optional.empty()));
  }

  /** Whether {@code patterns} cover all that {@code line} starts, without any doubt. */
  public static boolean covers(List<CommandPattern> patterns, String line) {
    Started started = Started.by(ShellLine.read(line));
    return started.doubt().isEmpty()
        && !started.judged().isEmpty()
        && started.judged().stream().allMatch(command -> matches(patterns, command));
  }

  private static boolean matches(List<CommandPattern> patterns, SimpleCommand command) {
    return patterns.stream().anyMatch(pattern -> pattern.covers(command));
  }

  private Verdict decide(String text, ShellLine line) {
    Started started = Started.by(line);
    if (started.all().isEmpty()) {
      return new Verdict.Deny("there is no command in it");
    }
    Optional<String> denied = denied(text, started);
    if (denied.isPresent()) {
      return new Verdict.Deny(denied.get());
    }
    return asked(started)
        .or(() -> doubted(started))
        .or(() -> unruled(started))
        .orElseGet(() ->
            new Verdict.Allow(
                started.plain() && started.judged().stream().allMatch(ReadOnlyCommands::have)));
  }

  private Optional<String> denied(String text, Started started) {
    for (CommandPattern rule : rules.deny()) {
      boolean denies = started.all().stream().anyMatch(rule::mayMean);
      boolean mayDeny = started.doubt().isPresent() && rule.isHintedAtBy(roughly(text));
      if (denies || mayDeny) {
        return Optional.of("the rule '%s' denies it".formatted(rule.text()));
      }
    }
    return ForbiddenCommands.why(started.all());
  }

  /** The words of a line that could not be read, whatever stands between them. */
  private static List<String> roughly(String text) {
    return Arrays.stream(text.replaceAll("[\"'\\\\]", "").split("[\\s;&|()<>{}$`=]+", -1))
        .map(word -> word.substring(word.lastIndexOf('/') + 1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private Optional<Verdict> asked(Started started) {
    return rules.ask().stream()
        .filter(rule -> !granted.contains(rule.text()))
        .filter(rule -> started.all().stream().anyMatch(rule::mayMean))
        .findFirst()
        .map(rule ->
            new Verdict.Ask(
                "the rule '%s' asks for it".formatted(rule.text()), List.of(rule.text())));
  }

  private static Optional<Verdict> doubted(Started started) {
    return started.doubt().map(why -> new Verdict.Ask(why, List.of()));
  }

  private Optional<Verdict> unruled(Started started) {
    List<SimpleCommand> unruled =
        started.judged().stream().filter(command -> !isAllowed(command, started.plain())).toList();
    if (unruled.isEmpty()) {
      return Optional.empty();
    }
    Set<String> missing = new LinkedHashSet<>();
    boolean known = unruled.stream().allMatch(SimpleCommand::isSure);
    if (known) {
      unruled.forEach(command -> missing.add(CommandPattern.exactly(command).text()));
    }
    return Optional.of(
        new Verdict.Ask(
            "no rule allows '%s'".formatted(unruled.getFirst().shown()), List.copyOf(missing)));
  }

  private boolean isAllowed(SimpleCommand command, boolean plain) {
    return matches(rules.allow(), command)
        || granted.stream().map(CommandPattern::new).anyMatch(rule -> rule.covers(command))
        || (rules.readOnly() && plain && ReadOnlyCommands.have(command));
  }
}
