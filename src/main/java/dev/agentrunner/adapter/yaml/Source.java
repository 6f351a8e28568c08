package dev.agentrunner.adapter.yaml;

import java.util.Arrays;
import java.util.OptionalInt;

/** The text of one file, under the name the user knows it by. Lines and columns count from 1. */
public final class Source {

  private final String name;
  private final String text;
  private final int[] lineStarts;

  Source(String name, String text) {
    this.name = name;
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  public String name() {
    return name;
  }

  String text() {
    return text;
  }

  /** The line without its end; empty past the last one. */
  String line(int number) {
    if (number < 1 || number > lineStarts.length) {
      return "";
    }
    int start = lineStarts[number - 1];
    int end = number < lineStarts.length ? lineStarts[number] : text.length();
    while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The place of the character at {@code offset}, counted in {@code char}s from 0. */
  Origin.InFile at(int offset, int width) {
    int bounded = Math.clamp(offset, 0, text.length());
    int found = Arrays.binarySearch(lineStarts, bounded);
    int line = found >= 0 ? found : -found - 2;
    int column = text.codePointCount(lineStarts[line], bounded) + 1;
    return new Origin.InFile(this, line + 1, column, width);
  }

  /**
   * The same for a later {@code offset}, without counting again what lies before {@code known},
   * which is at {@code knownOffset}.
   */
  Origin.InFile after(Origin.InFile known, int knownOffset, int offset) {
    if (offset < knownOffset
        || (known.line() < lineStarts.length && offset >= lineStarts[known.line()])) {
      return at(offset, 1);
    }
    int more = text.codePointCount(knownOffset, Math.min(offset, text.length()));
    return new Origin.InFile(this, known.line(), known.column() + more, 1);
  }

  /** The number of the first line longer than {@code max} characters. */
  OptionalInt lineLongerThan(int max) {
    for (int i = 0; i < lineStarts.length; i++) {
      int end = i + 1 < lineStarts.length ? lineStarts[i + 1] : text.length();
      if (end - lineStarts[i] > max && text.codePointCount(lineStarts[i], end) > max) {
        return OptionalInt.of(i + 1);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public String toString() {
    return name;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean crlf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !crlf)) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }
}
