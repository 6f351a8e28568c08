package dev.agentrunner.adapter.files;

import dev.agentrunner.port.Workspace.Match;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Looks for a pattern in the lines of one file after the other. A pattern can take more time than
 * there is, so each character looked at is counted, and past a number of them the search gives up:
 * the same search always gives up at the same place.
 */
final class TextSearch {

  /** Some seconds' worth. */
  private static final long STEPS_MAX = 100_000_000;

  private static final int TEXT_MAX = 300;

  /** Shown before what was found, where the line is cut. */
  private static final int TEXT_BEFORE = 100;

  /** Git looks this far for a NUL to tell what is no text. */
  private static final int BINARY_AFTER = 8_000;

  private final Pattern pattern;
  private long stepsLeft = STEPS_MAX;

  TextSearch(String pattern) {
    this.pattern = compiled(pattern);
  }

  private static Pattern compiled(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      return Pattern.compile(pattern, Pattern.LITERAL);
    }
  }

  /**
   * Adds the lines of a file that hold the pattern to {@code found}, until it has {@code max}.
   *
   * @param path what the file is called in what is found
   * @throws Refusal if the search is given up
   */
  void in(String path, byte[] content, List<Match> found, int max) throws Refusal {
    stepsLeft -= content.length;
    if (isBinary(content)) {
      return;
    }
    String text = new String(content, StandardCharsets.UTF_8);
    int line = 0;
    int start = 0;
    try {
      Matcher matcher = pattern.matcher("");
      while (start < text.length() && found.size() < max) {
        line++;
        int feed = text.indexOf('\n', start);
        int next = feed < 0 ? text.length() : feed + 1;
        int end = feed < 0 ? next : feed;
        end = end > start && text.charAt(end - 1) == '\r' ? end - 1 : end;
        if (matcher.reset(new Counted(text, start, end)).find()) {
          found.add(new Match(path, line, cut(text.substring(start, end), matcher.start())));
        }
        start = next;
      }
    } catch (TooManySteps | StackOverflowError e) {
      throw new Refusal(
          "the search was given up at line "
              + line
              + " of "
              + path
              + ": it takes too long; use a simpler pattern, or a glob for fewer files");
    }
  }

  private static boolean isBinary(byte[] content) {
    for (int i = 0; i < Math.min(content.length, BINARY_AFTER); i++) {
      if (content[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private static String cut(String line, int at) {
    if (line.length() <= TEXT_MAX) {
      return line;
    }
    int from = Math.max(0, Math.min(at - TEXT_BEFORE, line.length() - TEXT_MAX));
    String kept = line.substring(from, Math.min(from + TEXT_MAX, line.length()));
    return (from > 0 ? "…" : "") + kept + (from + TEXT_MAX < line.length() ? "…" : "");
  }

  /** One line, each look at which is a step. */
  private final class Counted implements CharSequence {
    private final String text;
    private final int start;
    private final int end;

    Counted(String text, int start, int end) {
      this.text = text;
      this.start = start;
      this.end = end;
    }

    @Override
    public int length() {
      return end - start;
    }

    @Override
    public char charAt(int index) {
      stepsLeft--;
      if (stepsLeft < 0) {
        throw new TooManySteps();
      }
      return text.charAt(start + index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new Counted(text, start + from, start + to);
    }

    @Override
    public String toString() {
      return text.substring(start, end);
    }
  }

  /** The only way out of a matcher. */
  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }
}
