package dev.agentrunner.adapter.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A pattern for one name, as git knows them: {@code *} any run of characters, {@code ?} any one,
 * {@code [a-z]} one of these, {@code [!a-z]} none of these, {@code \} takes the next one literally.
 * One that is not well formed matches nothing.
 */
final class NamePattern {

  private final String text;
  private final boolean literal;
  private final Optional<RunPattern<Integer>> pattern;

  private NamePattern(String text) {
    this.text = text;
    this.literal = text.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0);
    this.pattern = literal ? Optional.empty() : new Parser(text.codePoints().toArray()).pattern();
  }

  static NamePattern of(String text) {
    return new NamePattern(text);
  }

  boolean matches(String name) {
    return literal
        ? name.equals(text)
        : pattern.isPresent() && pattern.get().matches(name.codePoints().boxed().toList());
  }

  /** Reads a pattern from left to right. */
  private static final class Parser {
    private final int[] pattern;
    private int at;

    Parser(int[] pattern) {
      this.pattern = pattern;
    }

    /** Empty if it is not well formed. */
    Optional<RunPattern<Integer>> pattern() {
      List<Optional<Predicate<Integer>>> pieces = new ArrayList<>();
      while (at < pattern.length) {
        int c = pattern[at++];
        if (c == '*') {
          pieces.add(Optional.empty());
        } else if (c == '?') {
          pieces.add(Optional.of(any -> true));
        } else if (c == '[') {
          Optional<Predicate<Integer>> choice = choice();
          if (choice.isEmpty()) {
            return Optional.empty();
          }
          pieces.add(choice);
        } else if (c == '\\' && at == pattern.length) {
          return Optional.empty();
        } else {
          int only = c == '\\' ? pattern[at++] : c;
          pieces.add(Optional.of(other -> other == only));
        }
      }
      return Optional.of(new RunPattern<>(pieces));
    }

    /** What stands between brackets; the first was read. Empty if there is no second. */
    private Optional<Predicate<Integer>> choice() {
      boolean none = at < pattern.length && (pattern[at] == '!' || pattern[at] == '^');
      if (none) {
        at++;
      }
      int first = at;
      Predicate<Integer> chosen = c -> false;
      while (at < pattern.length && (pattern[at] != ']' || at == first)) {
        int from = member();
        boolean range = at + 1 < pattern.length && pattern[at] == '-' && pattern[at + 1] != ']';
        if (range) {
          at++;
        }
        int to = range ? member() : from;
        chosen = chosen.or(c -> from <= c && c <= to);
      }
      if (at >= pattern.length) {
        return Optional.empty();
      }
      at++;
      return Optional.of(none ? chosen.negate() : chosen);
    }

    private int member() {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        at++;
      }
      return pattern[at++];
    }
  }
}
