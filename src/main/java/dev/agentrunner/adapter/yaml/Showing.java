package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lists a tree of settings for people to see. */
final class Showing {

  private Showing() {}

  static List<ShownSetting> of(Mapping tree) {
    List<ShownSetting> shown = new ArrayList<>();
    add(shown, "", tree);
    return shown;
  }

  private static void add(List<ShownSetting> shown, String prefix, Mapping mapping) {
    for (Entry entry : mapping.entries().values()) {
      String name = entry.key().text();
      String key = prefix + Printable.of(name);
      if (entry.value() instanceof Mapping inner) {
        add(shown, key + ".", inner);
      } else {
        shown.add(new ShownSetting(key, value(name, entry.value()), entry.value().at()));
      }
    }
  }

  private static String value(String name, Node node) {
    return switch (node) {
      case Scalar scalar when Secrets.named(name) && !scalar.text().startsWith("env:") ->
          Secrets.MASK;
      case Scalar scalar -> Printable.of(scalar.text());
      case Sequence list ->
          list.items().stream()
              .map(item -> value(name, item))
              .collect(Collectors.joining(", ", "[", "]"));
      case Mapping mapping ->
          mapping.entries().values().stream()
              .map(entry ->
                  "%s: %s"
                      .formatted(
                          Printable.of(entry.key().text()),
                          value(entry.key().text(), entry.value())))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }
}
