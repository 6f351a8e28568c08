package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Origin.InFile;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in the user's words what SnakeYAML says in a parser's. */
final class YamlTrouble {

  private static final String QUOTE = "put the text in quotes";

  private final Source source;
  private final String problem;
  private final String context;
  private final InFile at;

  /** Where what could not be ended began. */
  private final InFile begun;

  private YamlTrouble(Source source, MarkedYAMLException trouble) {
    @Nullable String told = trouble.getProblem();
    @Nullable String during = trouble.getContext();
    this.source = source;
    this.problem = told == null ? "cannot be read" : told;
    this.context = during == null ? "" : during;
    this.at = at(source, trouble.getProblemMark());
    @Nullable Mark start = trouble.getContextMark();
    this.begun = start == null ? at : at(source, start);
  }

  static Fault explained(Source source, MarkedYAMLException trouble) {
    return new YamlTrouble(source, trouble).fault();
  }

  private static InFile at(Source source, @Nullable Mark mark) {
    return mark == null
        ? new InFile(source, 1, 1, 1)
        : new InFile(source, mark.getLine() + 1, mark.getColumn() + 1, 1);
  }

  private Fault fault() {
    if (context.contains("scanning an alias") || context.contains("scanning an anchor")) {
      return new Fault(
          begun,
          "'%s' has a meaning in YAML".formatted(context.endsWith("alias") ? "*" : "&"),
          "put text that begins with it in quotes, like '*.py'");
    }
    if (context.contains("scanning a tag") || problem.contains("undefined tag handle")) {
      return new Fault(begun, "'!' begins a tag, and tags are not read", QUOTE);
    }
    if (context.contains("quoted scalar")) {
      return quoted();
    }
    if (context.contains("block scalar")) {
      return new Fault(
          at,
          "after '|' or '>' the line must end",
          "begin the text on the next line, indented; or put it in quotes");
    }
    if (context.contains("directive") || problem.contains("directive")) {
      return new Fault(at, "a line that begins with '%' is a directive", QUOTE);
    }
    if (problem.contains("version 1.* is required")) {
      return new Fault(at, "not YAML 1", "leave the %YAML line out");
    }
    if (problem.contains("cannot start any token")) {
      return unstartable();
    }
    if (problem.contains("mapping values are not allowed")) {
      return new Fault(
          at,
          "a colon where no key can stand",
          "put text that holds ': ' in quotes, like \"fix: the bug\"; or check the indentation");
    }
    if (problem.contains("mapping keys are not allowed")) {
      return new Fault(at, "'?' has a meaning in YAML", QUOTE);
    }
    if (problem.contains("sequence entries are not allowed")) {
      return new Fault(
          at,
          "a list cannot begin here",
          "put each '- …' on a line of its own below the key, or write [a, b]");
    }
    if (problem.contains("could not find expected ':'")) {
      return new Fault(
          begun,
          "neither 'key: value' nor part of what is above",
          "write a colon and a space after the key, or indent text that goes on");
    }
    return shape();
  }

  private Fault quoted() {
    if (problem.contains("escape") || problem.contains("hexadecimal")) {
      return new Fault(
          at,
          "in double quotes a backslash begins an escape, and this is none",
          "use single quotes, or write two backslashes");
    }
    if (problem.contains("end of stream") || problem.contains("document separator")) {
      return new Fault(
          begun,
          "this quote is never closed",
          "close it; a ' within single quotes is written twice");
    }
    return new Fault(at, "cannot be read within quotes: " + problem, "check the quotes");
  }

  private Fault unstartable() {
    String line = source.line(at.line());
    int start = line.offsetByCodePoints(0, Math.min(at.column() - 1, line.length()));
    if (start < line.length() && line.charAt(start) == '\t') {
      return new Fault(at, "a tab where YAML wants spaces", "indent with spaces");
    }
    return new Fault(
        at,
        "text cannot begin with %s"
            .formatted(
                start < line.length()
                    ? Printable.quoted(Character.toString(line.codePointAt(start)))
                    : "this"),
        QUOTE);
  }

  private Fault shape() {
    if (problem.startsWith("expected ',' or")) {
      String bracket = context.contains("sequence") ? "[" : "{";
      return new Fault(
          at,
          "'%s' from line %d is not closed, or a comma is missing".formatted(bracket, begun.line()),
          "write '%s' or ',' before this".formatted(bracket.equals("[") ? "]" : "}"));
    }
    if (problem.startsWith("expected <block end>")) {
      boolean ownLine =
          source.line(at.line()).codePoints().limit(at.column() - 1L).allMatch(c -> c == ' ');
      return ownLine
          ? new Fault(
              at,
              "the indentation fits nothing above; the block that holds it began in line %d"
                  .formatted(begun.line()),
              "what belongs together begins in the same column, there column %d"
                  .formatted(begun.column()))
          : new Fault(at, "text after the end of a value", "put the whole value in quotes");
    }
    if (problem.contains("expected the node content") && problem.contains("stream end")) {
      return new Fault(at, "the file ends in the middle", "close what is open, or end the line");
    }
    if (problem.contains("expected the node content")) {
      return new Fault(at, "a value is missing here, or begins with a sign of YAML's own", QUOTE);
    }
    if (problem.contains("document start")) {
      return new Fault(
          at,
          "text after the end of the document",
          "one file holds one mapping; check the indentation of what is above");
    }
    return new Fault(
        at, "cannot be read: " + Printable.of(problem), "check quotes and indentation");
  }
}
