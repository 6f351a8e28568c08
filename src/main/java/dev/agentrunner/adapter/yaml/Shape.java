package dev.agentrunner.adapter.yaml;

import java.util.List;
import java.util.Optional;

/** What a place in a file may hold. */
sealed interface Shape {

  /** Text of some kind. */
  record Text(TextKind kind) implements Shape {}

  /** One of these words. */
  record Choice(List<String> words) implements Shape {

    Choice(String... words) {
      this(List.of(words));
    }
  }

  /** A whole number within bounds, both included. */
  record Whole(long min, long max) implements Shape {}

  /** A length of time, as {@link TimeText} reads it; longer than none. */
  record Time() implements Shape {}

  /** A list; one value without brackets stands for a list of one. */
  record Items(Shape item, boolean mayBeEmpty) implements Shape {}

  /** What to start: a line for the shell, or a list of a program and its arguments. */
  record CommandLine() implements Shape {}

  /** Keys of the user's own. */
  record Named(TextKind names, Shape value) implements Shape {}

  /**
   * Keys of ours.
   *
   * @param shorthand the key that is meant where a value stands in place of the mapping
   * @param rivals keys of which only one may be written
   */
  record Group(List<Member> keys, Optional<String> shorthand, List<String> rivals)
      implements Shape {

    public Group {
      keys = List.copyOf(keys);
    }

    Group(List<Member> keys) {
      this(keys, Optional.empty(), List.of());
    }

    Optional<Member> key(String name) {
      return keys.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    List<String> names() {
      return keys.stream().map(Member::name).toList();
    }
  }

  /**
   * One key of a group.
   *
   * @param standard what holds where nobody says otherwise, as it would be written
   * @param about a sentence for people who meet the key in an editor
   */
  record Member(
      String name, Shape shape, boolean required, Optional<String> standard, String about) {

    static Member optional(String name, Shape shape, String about) {
      return new Member(name, shape, false, Optional.empty(), about);
    }

    static Member required(String name, Shape shape, String about) {
      return new Member(name, shape, true, Optional.empty(), about);
    }

    static Member standard(String name, Shape shape, String standard, String about) {
      return new Member(name, shape, false, Optional.of(standard), about);
    }
  }
}
