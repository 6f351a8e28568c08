package dev.agentrunner.engine;

import dev.agentrunner.port.UsageException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with holes. <code>{{name}}</code> becomes the value of that name; <code>
 * {{#name}} … {{/name}}</code> is kept only where the value is not empty. A line that holds nothing
 * but such a mark leaves no empty line behind. Values are put in as they are and not read again.
 */
final class PromptTemplate {

  private static final Pattern SECTION =
      Pattern.compile("\\{\\{#([\\w.-]+)}}[ \\t]*\\n?(.*?)\\{\\{/\\1}}[ \\t]*\\n?", Pattern.DOTALL);
  private static final Pattern HOLE = Pattern.compile("\\{\\{([#/]?)([\\w.-]+)}}");

  private final String text;

  PromptTemplate(String text) {
    this.text = text.replace("\r\n", "\n");
  }

  /**
   * @throws UsageException if it names a value that there is not, or opens what it does not close
   */
  String fill(Map<String, String> values) {
    check(values.keySet());
    return HOLE.matcher(sections(text, values))
        .replaceAll(hole -> Matcher.quoteReplacement(value(hole.group(2), values)));
  }

  /** Whether the value of that name is put in anywhere. */
  boolean names(String name) {
    return text.contains("{{" + name + "}}");
  }

  private static String sections(String text, Map<String, String> values) {
    return SECTION
        .matcher(text)
        .replaceAll(section ->
            value(section.group(1), values).isBlank()
                ? ""
                : Matcher.quoteReplacement(sections(section.group(2), values)));
  }

  private static String value(String name, Map<String, String> values) {
    return values.getOrDefault(name, "");
  }

  private void check(Set<String> names) {
    Matcher hole = HOLE.matcher(text);
    int depth = 0;
    while (hole.find()) {
      depth += hole.group(1).equals("#") ? 1 : hole.group(1).equals("/") ? -1 : 0;
      String name = hole.group(2);
      if (!names.contains(name) && !name.startsWith("metadata.")) {
        throw new UsageException(
            "prompt template, line %d: there is no value '%s'; there are: %s, metadata.NAME"
                .formatted(line(hole.start()), name, String.join(", ", new TreeSet<>(names))));
      }
    }
    if (depth != 0) {
      throw new UsageException(
          "prompt template: a {{#name}} has no {{/name}}, or the other way round; write both");
    }
  }

  private long line(int position) {
    return text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }
}
