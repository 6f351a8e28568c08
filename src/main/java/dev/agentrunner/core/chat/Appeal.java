package dev.agentrunner.core.chat;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How whoever has no tool for it asks a person: the reply ends with the line {@code NEEDS DECISION:
 * Which of the two?}. A question of several lines is the last paragraph. Anywhere else, and within
 * fences, the words mean nothing, as replies quote what they have read.
 */
public final class Appeal {

  /** What the line begins with. */
  public static final String WORDS = "NEEDS DECISION:";

  /** What whoever may ask so is told. */
  public static final String MANUAL =
      """
      Should the task need a decision that is not yours to make, change nothing more, and let your reply end with this line; \
      the answer may take hours:
      %s your question
      """
          .formatted(WORDS)
          .strip();

  private static final String FENCE = "```";
  private static final Pattern BLANK_LINE = Pattern.compile("\n[ \t\r]*\n");

  private Appeal() {}

  /** The question that {@code reply} ends with; empty if it does not. */
  public static Optional<String> in(String reply) {
    String text = reply.strip();
    int last = text.lastIndexOf('\n') + 1;
    return asked(text, last).or(() -> asked(text, lastParagraph(text)));
  }

  private static int lastParagraph(String text) {
    return BLANK_LINE.matcher(text).results().mapToInt(MatchResult::end).max().orElse(0);
  }

  private static Optional<String> asked(String text, int from) {
    String bare = text.substring(from).replaceFirst("\\A[\\s*_#]+", "");
    if (!bare.toUpperCase(Locale.ROOT).startsWith(WORDS) || isFenced(text, from)) {
      return Optional.empty();
    }
    String question = bare.substring(WORDS.length()).replaceAll("\\A[*_]+|[*_]+\\z", "").strip();
    return Optional.of(question).filter(asked -> !asked.isEmpty());
  }

  private static boolean isFenced(String text, int at) {
    return text.substring(0, at).lines().filter(line -> line.strip().startsWith(FENCE)).count() % 2
        == 1;
  }
}
