package dev.agentrunner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A completion script for fish, which picocli makes none for: two levels of commands, their options
 * and the words that these may take.
 *
 * @param program its name on the command line
 */
record FishCompletion(String program) {

  String of(CommandLine root) {
    List<String> lines = new ArrayList<>();
    lines.add("# Completion of %s for fish.".formatted(program));
    options("__fish_use_subcommand", root.getCommandSpec(), lines);
    for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
      CommandSpec spec = command.getValue().getCommandSpec();
      lines.add(word("__fish_use_subcommand", command.getKey(), about(spec)));
      String within = "__fish_seen_subcommand_from " + command.getKey();
      options(within, spec, lines);
      Map<String, CommandLine> below = command.getValue().getSubcommands();
      String names = below.keySet().stream().sorted().collect(Collectors.joining(" "));
      below.forEach((name, line) -> {
        lines.add(
            word(
                within + "; and not __fish_seen_subcommand_from " + names,
                name,
                about(line.getCommandSpec())));
        options(within + "; and __fish_seen_subcommand_from " + name, line.getCommandSpec(), lines);
      });
    }
    return String.join("\n", lines) + "\n";
  }

  private String word(String condition, String word, String about) {
    return "complete -c %s -n %s -f -a %s -d %s"
        .formatted(program, quoted(condition), quoted(word), quoted(about));
  }

  private void options(String condition, CommandSpec spec, List<String> lines) {
    for (OptionSpec option : spec.options()) {
      StringBuilder line =
          new StringBuilder("complete -c %s -n %s".formatted(program, quoted(condition)));
      for (String name : option.names()) {
        line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
      }
      if (option.arity().max() > 0) {
        line.append(option.arity().min() > 0 ? " -r" : "");
      }
      if (option.completionCandidates() != null) {
        line.append(" -f -a ").append(quoted(String.join(" ", option.completionCandidates())));
      }
      lines.add(line + " -d " + quoted(first(option.description())));
    }
  }

  private static String about(CommandSpec spec) {
    return first(spec.usageMessage().description());
  }

  /** Descriptions are formats, and may name defaults that mean nothing here. */
  private static String first(String[] description) {
    return description.length == 0
        ? ""
        : description[0]
            .replaceAll("\\s*Default: \\$\\{DEFAULT-VALUE}\\.?", "")
            .replace("%n", " ")
            .replace("%%", "%");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
