package dev.agentrunner.adapter.http;

import java.io.IOException;
import okio.BufferedSource;

/** Shows foreign text within a message of ours: on one line, printable, and never long. */
public final class Excerpt {

  private static final int AHEAD_BYTES_MAX = 200;

  private Excerpt() {}

  /** What has come first, without taking it; more may follow. */
  public static String ahead(BufferedSource body) throws IOException {
    if (!body.request(1)) {
      return "";
    }
    BufferedSource ahead = body.peek();
    return ahead.readUtf8(Math.min(body.getBuffer().size(), AHEAD_BYTES_MAX));
  }

  /**
   * @param max characters; what is longer is cut and says so
   */
  public static String of(String text, int max) {
    StringBuilder shown = new StringBuilder();
    boolean blank = false;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (Character.isWhitespace(codePoint)) {
        blank = !shown.isEmpty();
        continue;
      }
      if (shown.length() >= max) {
        return shown + "… (" + text.length() + " characters)";
      }
      if (blank) {
        shown.append(' ');
        blank = false;
      }
      shown.appendCodePoint(printable(codePoint) ? codePoint : '\uFFFD');
    }
    return shown.toString();
  }

  private static boolean printable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
