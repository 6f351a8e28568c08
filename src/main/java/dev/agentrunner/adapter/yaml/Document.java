package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import java.util.Locale;
import java.util.Optional;

/** The one mapping that a file of ours consists of. */
final class Document {

  private Document() {}

  /**
   * The mapping; empty where the file says nothing at all or cannot be used, the latter noted.
   * Files named {@code .json} are read as JSON, all others as YAML, which JSON nearly always is.
   */
  static Optional<Mapping> read(Source source, Faults faults) {
    boolean json = source.name().toLowerCase(Locale.ROOT).endsWith(".json");
    Optional<Node> root = json ? JsonTree.read(source, faults) : YamlTree.read(source, faults);
    if (root.isEmpty() || root.get().isNothing()) {
      return Optional.empty();
    }
    if (root.get() instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    faults.add(
        root.get().at(),
        "the file is %s instead of a mapping".formatted(root.get().kind()),
        "begin lines with a key and a colon, such as 'version: 1'");
    return Optional.empty();
  }
}
