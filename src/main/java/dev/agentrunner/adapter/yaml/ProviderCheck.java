package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What can be wrong with providers beyond the shape of each value. */
final class ProviderCheck {

  private final List<ProviderKind> kinds;
  private final Faults faults;

  ProviderCheck(List<ProviderKind> kinds, Faults faults) {
    this.kinds = kinds;
    this.faults = faults;
  }

  void check(Mapping tree) {
    Values root = new Values(tree);
    Mapping providers = root.group("providers").mapping();
    providers.entries().values().forEach(this::provider);
    root.scalar("provider").ifPresent(name -> known(name, providers.entries().keySet(), faults));
    root.scalars("fallback").forEach(name -> known(name, providers.entries().keySet(), faults));
  }

  /** Notes a provider that is not there. */
  static void known(Scalar name, Collection<String> providers, Faults faults) {
    if (!providers.contains(name.text())) {
      faults.add(
          name.at(),
          "unknown provider " + Printable.quoted(name.text()),
          Spelling.advice(name.text(), new TreeSet<>(providers), "there are:"));
    }
  }

  /** Warns of keys written into a file; one from the environment is where it belongs. */
  static void warnOfSecrets(Mapping layer, Faults faults) {
    for (Node provider : new Values(layer).named("providers").values()) {
      if (provider instanceof Mapping mapping) {
        new Values(mapping)
            .scalar("api_key")
            .filter(key -> !key.text().startsWith("env:"))
            .ifPresent(key ->
                faults.warn(
                    key.at(),
                    "a key in plain text, for everyone who may read this file",
                    "put it into an environment variable and write 'api_key_env: NAME'"));
      }
    }
  }

  private void provider(Entry entry) {
    if (!(entry.value() instanceof Mapping mapping)) {
      return;
    }
    String name = entry.key().text();
    Optional<Scalar> written = new Values(mapping).scalar("kind");
    String kind = written.map(Scalar::text).orElse(name);
    Optional<ProviderKind> known =
        kinds.stream().filter(candidate -> candidate.name().equals(kind)).findFirst();
    if (known.isPresent()) {
      options(mapping, known.get());
    } else if (written.isEmpty()) {
      faults.add(
          entry.key().at(),
          "provider %s has no kind".formatted(Printable.quoted(name)),
          "add 'kind: …'; "
              + Spelling.advice(
                  name, kinds.stream().map(ProviderKind::name).toList(), "it can be:"));
    }
  }

  private void options(Mapping provider, ProviderKind kind) {
    for (Entry entry : provider.entries().values()) {
      String key = entry.key().text();
      boolean ofSomeKind =
          kinds.stream().flatMap(k -> k.options().stream()).anyMatch(o -> o.name().equals(key));
      List<String> own = kind.options().stream().map(ProviderKind.Option::name).toList();
      if (ofSomeKind && !own.contains(key)) {
        faults.add(
            entry.key().at(),
            "a provider of kind '%s' has no %s".formatted(kind.name(), Printable.quoted(key)),
            own.isEmpty() ? "take it out" : "its own options are: " + String.join(", ", own));
      }
      kind.options().stream()
          .filter(option -> option.name().equals(key))
          .forEach(option -> word(entry, option, kind));
    }
  }

  /** What no kind understands is wrong by its shape; this finds what only another kind does. */
  private void word(Entry entry, ProviderKind.Option option, ProviderKind kind) {
    if (entry.value() instanceof Scalar written
        && !option.words().contains(written.text())
        && !option.words().isEmpty()
        && kinds.stream()
            .flatMap(other -> other.options().stream())
            .anyMatch(other ->
                other.name().equals(option.name()) && other.words().contains(written.text()))) {
      faults.add(
          written.at(),
          "%s of a provider of kind '%s' cannot be %s"
              .formatted(option.name(), kind.name(), Printable.quoted(written.text())),
          "it can be: " + String.join(", ", option.words()));
    }
  }
}
