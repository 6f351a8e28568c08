package dev.agentrunner.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The page of the manual about one command, as {@code man} reads it: roff with the macros of
 * man(7), in ASCII.
 */
final class ManualPage {

  private static final String SECTION = "1";

  private final CommandLine line;
  private final CommandSpec spec;
  private final String version;
  private final StringBuilder page = new StringBuilder();

  private ManualPage(CommandLine line, String version) {
    this.line = line;
    this.spec = line.getCommandSpec();
    this.version = version;
  }

  /** The pages of a command and of all below it, by the names of their files. */
  static Map<String, String> all(CommandLine line, String version) {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put(name(line) + "." + SECTION, new ManualPage(line, version).text());
    new LinkedHashMap<>(line.getSubcommands())
        .values()
        .forEach(below -> pages.putAll(all(below, version)));
    return pages;
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName("-");
  }

  private String text() {
    List<String> description = Arrays.asList(spec.usageMessage().description());
    page.append(
        ".TH %s %s \"\" %s\n"
            .formatted(quoted(name(line).toUpperCase(Locale.ROOT)), SECTION, quoted(version)));
    heading("NAME");
    text(name(line) + " - " + description.getFirst());
    heading("SYNOPSIS");
    synopsis();
    heading("DESCRIPTION");
    description.stream()
        .skip(description.size() > 1 ? 1 : 0)
        .filter(one -> !one.isBlank())
        .forEach(this::paragraph);
    arguments();
    commands();
    if (spec.parent() == null) {
      exits();
    }
    related();
    return page.toString();
  }

  private void synopsis() {
    StringJoiner rest = new StringJoiner(" ");
    rest.add("[OPTIONS]");
    spec.positionalParameters().forEach(given -> rest.add(given(given)));
    if (!line.getSubcommands().isEmpty()) {
      rest.add("[COMMAND]");
    }
    page.append(".B ").append(escaped(spec.qualifiedName())).append('\n');
    text(rest.toString());
  }

  /** As a synopsis has it: {@code TASK...}, {@code [RUN]}. */
  private static String given(PositionalParamSpec given) {
    String label = given.paramLabel().replaceAll("[\\[\\]]", "");
    String many = given.arity().max() > 1 && !label.endsWith("...") ? label + "..." : label;
    return given.arity().min() == 0 ? "[" + many + "]" : many;
  }

  private void arguments() {
    if (!spec.positionalParameters().isEmpty()) {
      heading("ARGUMENTS");
      spec.positionalParameters()
          .forEach(given -> entry("\\fI" + escaped(given(given)) + "\\fR", given));
    }
    heading("OPTIONS");
    spec.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> entry(names(option), option));
  }

  private static String names(OptionSpec option) {
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      names.add("\\fB" + escaped(name) + "\\fR");
    }
    String value =
        option.arity().max() == 0
            ? ""
            : (option.arity().min() == 0 ? "[=\\fI%s\\fR]" : "=\\fI%s\\fR")
                .formatted(escaped(option.paramLabel()));
    return String.join(", ", names) + value;
  }

  private void entry(String term, ArgSpec argument) {
    page.append(".TP\n").append(term).append('\n');
    for (String one : argument.description()) {
      text(one);
    }
  }

  private void commands() {
    if (line.getSubcommands().isEmpty()) {
      return;
    }
    heading("COMMANDS");
    line.getSubcommands()
        .forEach((name, below) -> {
          page.append(".TP\n.B ").append(escaped(name)).append('\n');
          text(below.getCommandSpec().usageMessage().description()[0]);
        });
  }

  private void exits() {
    heading("EXIT STATUS");
    for (ExitCode code : ExitCode.values()) {
      page.append(".TP\n.B ").append(code.number()).append('\n');
      text(meaning(code));
    }
  }

  private static String meaning(ExitCode code) {
    return switch (code) {
      case DONE -> "Every task is done, or there was nothing to do.";
      case FAILED -> "A task failed, or the fail-safe stopped the run.";
      case USAGE -> "Usage, configuration or task list at fault; nothing was started.";
      case SKIPPED -> "Done, but tasks were left out.";
      case NEEDS_PERSON -> "A person must decide, and nobody was there.";
      case ENVIRONMENT ->
          "Key missing or refused, provider unreachable, or another run holds the project.";
      case BUDGET -> "A budget of yours is used up.";
      case BUG -> "A bug in agent-runner.";
      case QUOTA -> "A quota is used up; the output says when it is back.";
      case HANGUP -> "Hang-up; the state is saved.";
      case INTERRUPTED -> "Ctrl+C; the state is saved.";
      case TERMINATED -> "Terminated; the state is saved.";
    };
  }

  private void related() {
    List<String> others = new ArrayList<>();
    if (line.getParent() != null) {
      others.add(name(line.getParent()));
    }
    line.getSubcommands().values().forEach(below -> others.add(name(below)));
    heading("SEE ALSO");
    text(String.join(", ", others.stream().map(other -> other + "(" + SECTION + ")").toList()));
  }

  private void heading(String title) {
    page.append(".SH ").append(title).append('\n');
  }

  private void paragraph(String text) {
    page.append(".PP\n");
    text(text);
  }

  private void text(String text) {
    if (!text.isBlank()) {
      page.append(escaped(text)).append('\n');
    }
  }

  private static String quoted(String text) {
    return '"' + escaped(text).replace("\"", "\\(dq") + '"';
  }

  /** Hyphens are made such that they can be copied; a full stop first would be a request. */
  private static String escaped(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
