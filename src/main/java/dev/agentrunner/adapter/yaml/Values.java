package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Takes values out of a mapping; what does not have the right shape is not there. */
record Values(Mapping mapping) {

  Optional<Scalar> scalar(String key) {
    return mapping
        .get(key)
        .flatMap(node -> Optional.ofNullable(node instanceof Scalar s ? s : null));
  }

  Optional<String> text(String key) {
    return scalar(key).map(Scalar::text);
  }

  Optional<Long> whole(String key) {
    return text(key)
        .filter(text -> !text.isEmpty() && text.length() <= 18)
        .filter(text -> text.chars().allMatch(c -> c >= '0' && c <= '9'))
        .map(Long::valueOf);
  }

  Optional<Duration> time(String key) {
    return text(key)
        .flatMap(text ->
            switch (TimeText.read(text)) {
              case TimeText.Good good -> Optional.of(good.time());
              case TimeText.Bad _ -> Optional.empty();
            });
  }

  /** The items of a list, or the lone value in place of one. */
  List<Scalar> scalars(String key) {
    return mapping.get(key).stream()
        .flatMap(
            node -> node instanceof Sequence list ? list.items().stream() : List.of(node).stream())
        .filter(item -> item instanceof Scalar && !item.isNothing())
        .map(Scalar.class::cast)
        .toList();
  }

  List<String> texts(String key) {
    return scalars(key).stream().map(Scalar::text).toList();
  }

  /** The values under names of the user's own, in the order written. */
  SequencedMap<String, Node> named(String key) {
    SequencedMap<String, Node> named = new LinkedHashMap<>();
    for (Entry entry : group(key).mapping().entries().values()) {
      if (!entry.value().isNothing()) {
        named.put(entry.key().text(), entry.value());
      }
    }
    return named;
  }

  SequencedMap<String, String> namedTexts(String key) {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    named(key)
        .forEach((name, node) -> {
          if (node instanceof Scalar scalar) {
            texts.put(name, scalar.text());
          }
        });
    return texts;
  }

  /** The group under {@code key}; one without values if there is none. */
  Values group(String key) {
    return new Values(mapping.inner(key).orElseGet(() -> Mapping.empty(mapping.at())));
  }
}
