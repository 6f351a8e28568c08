package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What is there before anybody writes anything: providers, and what is usual for their kind. */
final class BuiltIn {

  private static final Origin HERE = new Origin.Default();

  private BuiltIn() {}

  static Mapping providers(List<ProviderKind> kinds) {
    SequencedMap<String, Entry> providers = new LinkedHashMap<>();
    for (ProviderKind kind : kinds) {
      SequencedMap<String, Entry> keys = new LinkedHashMap<>();
      put(keys, "kind", text(kind.name()));
      Optional<String> variable = kind.usualVariable();
      variable.ifPresent(name -> put(keys, "api_key_env", text(name)));
      kind.standing().forEach(name -> put(providers, name, new Mapping(keys, HERE)));
    }
    SequencedMap<String, Entry> root = new LinkedHashMap<>();
    put(root, "providers", new Mapping(providers, HERE));
    return new Mapping(root, HERE);
  }

  /** The tree with the bounds that are usual for each provider's kind, where it has none. */
  static Mapping bounded(Mapping tree, List<ProviderKind> kinds, Shape shape) {
    SequencedMap<String, Entry> providers = new LinkedHashMap<>();
    new Values(tree)
        .named("providers")
        .forEach((name, node) -> {
          if (node instanceof Mapping mapping) {
            String kind = new Values(mapping).text("kind").orElse(name);
            kinds.stream()
                .filter(known -> known.name().equals(kind))
                .map(BuiltIn::bounds)
                .filter(bounds -> !bounds.entries().isEmpty())
                .forEach(bounds -> put(providers, name, bounds));
          }
        });
    SequencedMap<String, Entry> root = new LinkedHashMap<>();
    put(root, "providers", new Mapping(providers, HERE));
    return Layers.merged(new Mapping(root, HERE), tree, shape);
  }

  private static Mapping bounds(ProviderKind kind) {
    SequencedMap<String, Entry> bounds = new LinkedHashMap<>();
    kind.silence().ifPresent(time -> put(bounds, "silence", text(time)));
    kind.total().ifPresent(time -> put(bounds, "total", text(time)));
    SequencedMap<String, Entry> keys = new LinkedHashMap<>();
    if (!bounds.isEmpty()) {
      put(keys, "timeouts", new Mapping(bounds, HERE));
    }
    return new Mapping(keys, HERE);
  }

  private static void put(SequencedMap<String, Entry> entries, String key, Node value) {
    entries.put(key, new Entry(text(key), value));
  }

  private static Scalar text(String text) {
    return new Scalar(text, false, HERE);
  }
}
