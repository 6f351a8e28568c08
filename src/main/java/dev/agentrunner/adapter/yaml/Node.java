package dev.agentrunner.adapter.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a file says, each part with its place. Text stays as written: whether {@code no}, {@code 01}
 * or {@code 1e3} is text or something else, only who asks for it knows.
 */
sealed interface Node {

  Origin at();

  /** What it is, for a sentence: {@code a list}. */
  String kind();

  /** Whether nothing was said here: an empty place, {@code ~} or {@code null} without quotes. */
  default boolean isNothing() {
    return false;
  }

  /**
   * One piece of text.
   *
   * @param plain without quotes, and not a block of text
   */
  record Scalar(String text, boolean plain, Origin at) implements Node {

    @Override
    public String kind() {
      return "text";
    }

    @Override
    public boolean isNothing() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /** A list. */
  record Sequence(List<Node> items, Origin at) implements Node {

    public Sequence {
      items = Collections.unmodifiableList(new ArrayList<>(items));
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys and values, in the order written. */
  record Mapping(SequencedMap<String, Entry> entries, Origin at) implements Node {

    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    static Mapping empty(Origin at) {
      return new Mapping(new LinkedHashMap<>(), at);
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    /** What stands under {@code key}, unless that is nothing. */
    Optional<Node> get(String key) {
      return Optional.ofNullable(entries.get(key))
          .map(Entry::value)
          .filter(value -> !value.isNothing());
    }

    Mapping without(String key) {
      SequencedMap<String, Entry> rest = new LinkedHashMap<>(entries);
      rest.remove(key);
      return new Mapping(rest, at);
    }

    /** The mapping under {@code key}, if it is one. */
    Optional<Mapping> inner(String key) {
      return get(key).filter(Mapping.class::isInstance).map(Mapping.class::cast);
    }
  }

  /** A key with its value. */
  record Entry(Scalar key, Node value) {}
}
