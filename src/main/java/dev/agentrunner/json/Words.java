package dev.agentrunner.json;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The words that an enum's constants have in JSON: their names in lower case, such as {@code
 * needs_person}.
 */
final class Words<E extends Enum<E>> {

  private final Map<E, String> words = new HashMap<>();
  private final Map<String, E> constants = new HashMap<>();

  Words(E[] values) {
    for (E constant : values) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      words.put(constant, word);
      constants.put(word, constant);
    }
  }

  String word(E constant) {
    return words.getOrDefault(constant, "");
  }

  Optional<E> constant(String word) {
    return Optional.ofNullable(constants.get(word));
  }

  Set<String> all() {
    return new TreeSet<>(constants.keySet());
  }
}
