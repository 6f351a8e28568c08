package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Places in texts of a workflow where an input goes. */
final class Holes {

  private static final Pattern HOLE = Pattern.compile("\\{\\{\\s*inputs\\.([A-Za-z0-9._-]+)\\s*}}");

  private Holes() {}

  static List<Scalar> texts(Node node) {
    List<Scalar> texts = new ArrayList<>();
    gather(node, texts);
    return texts;
  }

  private static void gather(Node node, List<Scalar> texts) {
    switch (node) {
      case Scalar scalar -> texts.add(scalar);
      case Sequence list -> list.items().forEach(item -> gather(item, texts));
      case Mapping mapping -> {
        for (Entry entry : mapping.entries().values()) {
          gather(entry.value(), texts);
        }
      }
    }
  }

  static List<String> names(String text) {
    return HOLE.matcher(text).results().map((MatchResult hole) -> hole.group(1)).toList();
  }

  /**
   * @param dressed how a value is put in, such as in quotes for a shell
   */
  static String filled(String text, Map<String, String> values, UnaryOperator<String> dressed) {
    return HOLE.matcher(text)
        .replaceAll(hole ->
            Matcher.quoteReplacement(dressed.apply(values.getOrDefault(hole.group(1), ""))));
  }
}
