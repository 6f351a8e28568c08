package dev.agentrunner.adapter.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way in which agents say that they cannot go on.
 *
 * @param presets whose words these are; empty for everybody's
 * @param pattern its group {@code reset}, if it has one, holds when the quota is back
 * @param holds how long a quota is taken to be used up where no time is told; empty if unknown
 */
record LimitRule(
    String id, Set<String> presets, Pattern pattern, Kind kind, Optional<Duration> holds) {

  /** More than any program says in one breath. */
  private static final int TEXT_MAX = 8 * 1024;

  /** Steps of the search through a text, after which a pattern is taken not to fit. */
  private static final int STEPS_MAX = 2_000_000;

  /** What is to be done about it. */
  enum Kind {
    /** Try again in a moment. */
    TRANSIENT,
    /** Wait until the quota is back. */
    WINDOW,
    /** A person must act. */
    DENIED,
    /** This very request will never work. */
    UNUSABLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  LimitRule {
    presets = Set.copyOf(presets);
  }

  boolean isFor(Optional<String> preset) {
    return presets.isEmpty() || preset.isEmpty() || presets.contains(preset.get());
  }

  /** The part of {@code text} that tells the reset time, empty text if there is none. */
  Optional<String> match(String text) {
    String start = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    Matcher found = pattern.matcher(new Patient(start));
    try {
      if (!found.find()) {
        return Optional.empty();
      }
    } catch (TooManySteps e) {
      return Optional.empty();
    }
    if (!found.namedGroups().containsKey("reset")) {
      return Optional.of("");
    }
    String reset = found.group("reset");
    return Optional.of(reset == null ? "" : reset);
  }

  private static final class TooManySteps extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooManySteps() {
      super("", null, false, false);
    }
  }

  /** A text that gives up on those who look at it too often: patterns may be the user's own. */
  private static final class Patient implements CharSequence {

    private final String text;
    private int steps;

    Patient(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_MAX) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
