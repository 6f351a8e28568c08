package dev.agentrunner.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Programs that start other programs, and which ones those are. */
final class Wrapper {

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "zsh", "ksh", "ash");
  private static final Set<String> ACTIONS = Set.of("-exec", "-execdir", "-ok", "-okdir");

  /** Each with the options that take the next word as their value. */
  private static final Map<String, Set<String>> PREFIXES =
      Map.ofEntries(
          Map.entry("nohup", Set.of()),
          Map.entry("setsid", Set.of()),
          Map.entry("time", Set.of("-f", "-o", "--format", "--output")),
          Map.entry("command", Set.of()),
          Map.entry("builtin", Set.of()),
          Map.entry("exec", Set.of("-a")),
          Map.entry("nice", Set.of("-n", "--adjustment")),
          Map.entry("ionice", Set.of("-c", "-n", "--class", "--classdata")),
          Map.entry("stdbuf", Set.of("-i", "-o", "-e", "--input", "--output", "--error")),
          Map.entry("timeout", Set.of("-k", "-s", "--kill-after", "--signal")),
          Map.entry(
              "env", Set.of("-u", "--unset", "-C", "--chdir", "-S", "--split-string", "--argv0")),
          Map.entry(
              "sudo", Set.of("-u", "-g", "-h", "-p", "-C", "-T", "-r", "-t", "-D", "-R", "--user")),
          Map.entry("doas", Set.of("-u", "-C")),
          Map.entry(
              "xargs",
              Set.of("-I", "-n", "-P", "-L", "-d", "-s", "-E", "-a", "--max-args", "--max-procs")));

  private Wrapper() {}

  /**
   * What a wrapper starts.
   *
   * @param commands those it starts
   * @param alone whether they are all it does, so that it need not be allowed itself
   * @param plain whether there is no subshell or substitution among them
   * @param doubt why it may start something else
   */
  record Inner(
      List<SimpleCommand> commands, boolean alone, boolean plain, Optional<String> doubt) {}

  /** Empty if {@code command} starts nothing but itself. */
  static Optional<Inner> of(SimpleCommand command) {
    String name = command.name();
    if (SHELLS.contains(name)) {
      return shell(command);
    }
    return switch (name) {
      case "eval" -> Optional.of(eval(command));
      case "find", "fd" -> find(command);
      case "busybox" ->
          command.arguments().isEmpty()
              ? Optional.empty()
              : Optional.of(only(SimpleCommand.of(command.arguments())));
      default ->
          PREFIXES.containsKey(name)
              ? prefix(command, PREFIXES.getOrDefault(name, Set.of()))
              : Optional.empty();
    };
  }

  private static Inner only(SimpleCommand inner) {
    return new Inner(List.of(inner), true, true, Optional.empty());
  }

  private static Inner unclear(String why) {
    return new Inner(List.of(), true, true, Optional.of(why));
  }

  private static Inner line(String text, Optional<String> besides) {
    ShellLine line = ShellLine.read(text);
    return new Inner(line.commands(), true, !line.grouped(), line.doubt().or(() -> besides));
  }

  private static Optional<Inner> shell(SimpleCommand command) {
    List<ShellWord> words = command.arguments();
    int at = 0;
    while (at < words.size() && words.get(at).text().startsWith("-")) {
      ShellWord option = words.get(at);
      if (!option.sure()) {
        return Optional.of(unclear("an option of " + command.name() + " is not known"));
      }
      if (option.text().matches("-[lceux]*c[lceux]*")) {
        return Optional.of(commandOf(command, words.subList(at + 1, words.size())));
      }
      if (option.text().contains("c") && !option.text().startsWith("--")) {
        return Optional.of(unclear("the options of %s are unusual".formatted(command.name())));
      }
      at += option.text().matches("[-+]o") ? 2 : 1;
    }
    return Optional.empty(); // A script, or standard input: a program like any other.
  }

  private static Inner commandOf(SimpleCommand shell, List<ShellWord> rest) {
    if (rest.isEmpty() || !rest.getFirst().sure()) {
      return unclear("what %s is to run is known only when it runs".formatted(shell.name()));
    }
    Optional<String> more =
        rest.size() > 1
            ? Optional.of("%s is given more than a line to run".formatted(shell.name()))
            : Optional.empty();
    return line(rest.getFirst().text(), more);
  }

  private static Inner eval(SimpleCommand command) {
    return command.isSure()
        ? line(
            command.arguments().stream().map(ShellWord::text).collect(Collectors.joining(" ")),
            Optional.empty())
        : unclear("what eval is to run is known only when it runs");
  }

  private static Optional<Inner> find(SimpleCommand command) {
    List<SimpleCommand> started = new ArrayList<>();
    List<ShellWord> words = command.arguments();
    for (int i = 0; i < words.size(); i++) {
      if (!ACTIONS.contains(words.get(i).text())) {
        continue;
      }
      List<ShellWord> inner = new ArrayList<>();
      for (i++; i < words.size() && !Set.of(";", "+").contains(words.get(i).text()); i++) {
        String text = words.get(i).text();
        inner.add(text.contains("{}") ? ShellWord.unknown(text) : words.get(i));
      }
      started.add(SimpleCommand.of(inner));
    }
    return started.isEmpty()
        ? Optional.empty()
        : Optional.of(new Inner(started, false, true, Optional.empty()));
  }

  private static Optional<Inner> prefix(SimpleCommand command, Set<String> withValue) {
    String name = command.name();
    List<ShellWord> words = command.arguments();
    List<ShellWord> assignments = new ArrayList<>(command.assignments());
    Optional<String> doubt = Optional.empty();
    int at = 0;
    while (at < words.size() && words.get(at).text().startsWith("-")) {
      String option = words.get(at).text();
      if (option.equals("--")) {
        at++;
        break;
      }
      if (name.equals("command") && option.matches("-[pvV]*[vV][pvV]*")) {
        return Optional.empty(); // Only asks where a command is.
      }
      if (!words.get(at).sure() || rearranges(name, option)) {
        doubt = Optional.of("%s is used in a way that hides what it starts".formatted(name));
      }
      at += withValue.contains(option) ? 2 : 1;
    }
    if (name.equals("timeout")) {
      at++; // How long.
    }
    while ((name.equals("env") || name.equals("sudo"))
        && at < words.size()
        && words.get(at).text().matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
      assignments.add(words.get(at++));
    }
    if (at >= words.size()) {
      return doubt.map(Wrapper::unclear);
    }
    List<ShellWord> inner = new ArrayList<>(words.subList(at, words.size()));
    if (!inner.getFirst().sure()) {
      doubt = Optional.of("what %s is to run is known only when it runs".formatted(name));
    }
    if (name.equals("xargs")) {
      inner.add(ShellWord.unknown("…"));
    }
    return Optional.of(
        new Inner(List.of(new SimpleCommand(assignments, inner)), true, true, doubt));
  }

  private static boolean rearranges(String name, String option) {
    return switch (name) {
      case "env" ->
          option.startsWith("-S")
              || option.startsWith("--split")
              || option.startsWith("-C")
              || option.startsWith("--chdir");
      case "xargs" ->
          option.startsWith("-I")
              || option.startsWith("-i")
              || option.startsWith("--replace")
              || option.startsWith("-a")
              || option.startsWith("--arg-file");
      case "time" -> option.startsWith("-o") || option.startsWith("--output");
      default -> false;
    };
  }
}
