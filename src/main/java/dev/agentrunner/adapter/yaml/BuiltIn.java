package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What is there before anybody writes anything: one provider of each kind, by the kind's name. */
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
      put(providers, kind.name(), new Mapping(keys, HERE));
    }
    SequencedMap<String, Entry> root = new LinkedHashMap<>();
    put(root, "providers", new Mapping(providers, HERE));
    return new Mapping(root, HERE);
  }

  private static void put(SequencedMap<String, Entry> entries, String key, Node value) {
    entries.put(key, new Entry(text(key), value));
  }

  private static Scalar text(String text) {
    return new Scalar(text, false, HERE);
  }
}
