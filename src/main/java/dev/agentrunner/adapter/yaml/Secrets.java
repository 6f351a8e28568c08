package dev.agentrunner.adapter.yaml;

import java.util.List;
import java.util.Locale;

/** Keeps secrets that stand in a file off the screen when a line of it is shown. */
final class Secrets {

  static final String MASK = "***";

  private static final List<String> NAMES =
      List.of("key", "token", "secret", "password", "webhook");

  private Secrets() {}

  /** Whether a value under that name is better not shown. */
  static boolean named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(lower::endsWith);
  }

  /** The line with each character of a likely secret replaced by a star, so that columns stay. */
  static String masked(String line) {
    StringBuilder shown = new StringBuilder(line);
    maskValues(line, shown);
    maskTokens(line, shown);
    maskUserInfo(line, shown);
    return shown.toString();
  }

  /**
   * {@code api_key: …}, to the end of the line; a reference such as {@code env:NAME} may be seen.
   */
  private static void maskValues(String line, StringBuilder shown) {
    for (int colon = line.indexOf(':'); colon >= 0; colon = line.indexOf(':', colon + 1)) {
      if (!named(wordBefore(line, colon))) {
        continue;
      }
      int start = colon + 1;
      while (start < line.length() && " \t\"'".indexOf(line.charAt(start)) >= 0) {
        start++;
      }
      boolean structure = start < line.length() && "[{|>".indexOf(line.charAt(start)) >= 0;
      if (start > colon + 1 && !structure && !line.startsWith("env:", start)) {
        stars(shown, start, line.length());
        return;
      }
    }
  }

  private static String wordBefore(String line, int end) {
    int last = end;
    while (last > 0 && " \t\"'".indexOf(line.charAt(last - 1)) >= 0) {
      last--;
    }
    int first = last;
    while (first > 0 && inWord(line.charAt(first - 1))) {
      first--;
    }
    return line.substring(first, last);
  }

  /** Keys of the well-known {@code sk-…} make, wherever they stand. */
  private static void maskTokens(String line, StringBuilder shown) {
    for (int at = line.indexOf("sk-"); at >= 0; at = line.indexOf("sk-", at + 3)) {
      int end = at + 3;
      while (end < line.length() && inWord(line.charAt(end))) {
        end++;
      }
      boolean ownWord = at == 0 || !inWord(line.charAt(at - 1));
      if (ownWord && end - at >= 11) {
        stars(shown, at + 3, end);
      }
    }
  }

  private static void maskUserInfo(String line, StringBuilder shown) {
    for (int at = line.indexOf("://"); at >= 0; at = line.indexOf("://", at + 3)) {
      int end = at + 3;
      while (end < line.length() && " \t/\"'".indexOf(line.charAt(end)) < 0) {
        end++;
      }
      int sign = line.lastIndexOf('@', end - 1);
      if (sign > at + 3) {
        stars(shown, at + 3, sign);
      }
    }
  }

  private static boolean inWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static void stars(StringBuilder shown, int start, int end) {
    for (int i = start; i < end; i++) {
      shown.setCharAt(i, '*');
    }
  }
}
