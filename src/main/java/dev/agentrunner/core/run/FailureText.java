package dev.agentrunner.core.run;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a failure says, without what differs from one run of the same command to the next: colours,
 * times, durations, ids, folders, numbers and blanks. Two failures of the same kind have the same
 * text; so have some of different kinds, and it proves nothing alone.
 */
record FailureText(String text) {

  /** Of long output only the end, where most tools say what was wrong. */
  private static final int LENGTH_MAX = 2_000;

  private record Rule(Pattern pattern, String word) {
    Rule(String pattern, String word) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), word);
    }
  }

  /** In this order: a time is made of numbers, and so is an id. */
  private static final List<Rule> RULES =
      List.of(
          new Rule("(?:\u001b|\u241b)\\[[0-9;?]*[ -/]*[@-~]", ""),
          new Rule(
              "\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?",
              "<time>"),
          new Rule("\\b\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d+)?(?: ?[ap]m)?\\b", "<time>"),
          new Rule(
              "\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b|\\b0x[0-9a-f]+\\b",
              "<id>"),
          new Rule(
              "\\b\\d+(?:[.,]\\d+)? ?(?:ns|us|µs|ms|msecs?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\\b",
              "<duration>"),
          new Rule(
              "(?<![\\w.])(?:[a-z]:)?(?:[/\\\\][^\\s/\\\\:'\"()<>\\[\\]]+)+[/\\\\]", "<folder>/"),
          // A word of hex digits only with a digit among them: "defaced" is none.
          new Rule("\\b(?=[a-f]*\\d)[0-9a-f]{7,}\\b", "<id>"),
          new Rule("\\d+(?:[.,]\\d+)*", "#"),
          new Rule("\\s+", " "));

  /** Where in a file something is, as compilers and test runners write it. */
  private static final Rule PLACE = new Rule("(?<=[\\w)]):\\d+(?::\\d+)?|\\bline \\d+", ":<place>");

  /** Enough for all that is kept of a hook's output. */
  private static final int WHOLE_MAX = 100_000;

  /**
   * The same for something that is to be let pass: of the whole output, and with its numbers but
   * for places in files, so that two failed tests are not taken for one.
   */
  static FailureText strictly(HookResult result) {
    String said = result.verdict() + "\n" + result.output();
    String text = said.substring(0, Math.min(WHOLE_MAX, said.length()));
    for (Rule rule : RULES) {
      Rule stricter = rule.word().equals("#") ? PLACE : rule;
      text = stricter.pattern().matcher(text).replaceAll(stricter.word());
    }
    return new FailureText(text.strip());
  }

  static FailureText of(Setback setback) {
    return of(setback.reason() + "\n" + setback.detail());
  }

  static FailureText of(String said) {
    // What comes to be cut off was never looked at: output may be long, and rules take time.
    String text = said.substring(Math.max(0, said.length() - 4 * LENGTH_MAX));
    for (Rule rule : RULES) {
      text = rule.pattern().matcher(text).replaceAll(rule.word());
    }
    String plain = text.strip();
    return new FailureText(plain.substring(Math.max(0, plain.length() - LENGTH_MAX)));
  }
}
