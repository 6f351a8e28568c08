package dev.agentrunner.adapter.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Raw terminal output as text that is safe to show. Escape sequences are taken out, other control
 * characters made visible, and of a line that was written over by a carriage return, as progress
 * bars are, its last state is kept.
 */
final class PlainText {

  private static final int ESCAPE = 0x1b;
  private static final int BELL = 0x07;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  /** Enough for the line about what was left out. */
  private static final int GAP_BYTES = 64;

  private final String raw;
  private final StringBuilder done = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private boolean writtenOver;
  private int at;

  private PlainText(String raw) {
    this.raw = raw;
  }

  /** Reads {@code bytes} as UTF-8; what is not comes out as U+FFFD. */
  static String of(byte[] bytes) {
    return new PlainText(new String(bytes, StandardCharsets.UTF_8)).read();
  }

  /**
   * The whole of it where that fits, else the beginning and the end with a line about what lies
   * between.
   *
   * @param leftOut bytes between {@code head} and {@code tail}
   * @param bytesMax of the result in UTF-8; at least 200
   */
  static String excerpt(byte[] head, long leftOut, byte[] tail, int bytesMax) {
    boolean whole = leftOut == 0;
    byte[] first = clean(whole ? joined(head, tail) : head);
    byte[] last = whole ? first : clean(tail);
    if (whole && first.length <= bytesMax) {
      return new String(first, StandardCharsets.UTF_8);
    }
    int half = (bytesMax - GAP_BYTES) / 2;
    int end = characterStart(first, Math.min(half, first.length));
    int start = characterStart(last, Math.max(0, last.length - half));
    long between = whole ? start - end : leftOut + (first.length - end) + start;
    String above = new String(first, 0, end, StandardCharsets.UTF_8);
    String below = new String(last, start, last.length - start, StandardCharsets.UTF_8);
    return above
        + (above.endsWith("\n") ? "" : "\n")
        + "[… %d bytes left out …]\n".formatted(between)
        + below;
  }

  private static byte[] clean(byte[] bytes) {
    return of(bytes).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The place at or before {@code index} where no character is cut in two. */
  private static int characterStart(byte[] utf8, int index) {
    int start = index;
    while (start > 0 && start < utf8.length && (utf8[start] & 0xc0) == 0x80) {
      start--;
    }
    return start;
  }

  private String read() {
    while (at < raw.length()) {
      int point = raw.codePointAt(at);
      at += Character.charCount(point);
      switch (point) {
        case '\n' -> endLine();
        case '\r' -> writtenOver = true;
        case '\b' -> stepBack();
        case ESCAPE -> skipSequence();
        default -> add(point);
      }
    }
    done.append(line);
    return done.toString();
  }

  private void endLine() {
    done.append(line).append('\n');
    line.setLength(0);
    writtenOver = false;
  }

  private void stepBack() {
    if (!line.isEmpty()) {
      line.setLength(line.offsetByCodePoints(line.length(), -1));
    }
  }

  private void add(int point) {
    if (writtenOver) {
      line.setLength(0);
      writtenOver = false;
    }
    if (point == '\t' || point == ZERO_WIDTH_JOINER) {
      line.appendCodePoint(point);
      return;
    }
    switch (Character.getType(point)) {
      case Character.CONTROL -> addControl(point);
      // Among them those that change the direction of writing, so that text reads other than it is.
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          line.append("\\u{%x}".formatted(point));
      default -> line.appendCodePoint(point);
    }
  }

  private void addControl(int point) {
    if (point < ' ') {
      line.append((char) ('\u2400' + point));
    } else if (point == 0x7f) {
      line.append('\u2421');
    } else {
      line.append("\\u{%x}".formatted(point));
    }
  }

  /**
   * Escape sequences as in ECMA-48: {@code ESC [ … letter}, {@code ESC ] … BEL}, {@code ESC letter}
   * and their like.
   */
  private void skipSequence() {
    int end = at == raw.length() ? -1 : sequenceEnd(raw.charAt(at));
    if (end < 0) {
      add(ESCAPE);
    } else {
      at = end;
    }
  }

  /**
   * The place after the sequence whose second character is {@code kind}; negative if it is none.
   */
  private int sequenceEnd(char kind) {
    return switch (kind) {
      case '[' -> finalByte(skip(skip(at + 1, '0', '?'), ' ', '/'), '@');
      case ']', 'P', 'X', '^', '_' -> stringEnd(at + 1);
      default -> finalByte(skip(at, ' ', '/'), '0');
    };
  }

  private int skip(int from, char least, char most) {
    int end = from;
    while (end < raw.length() && raw.charAt(end) >= least && raw.charAt(end) <= most) {
      end++;
    }
    return end;
  }

  private int finalByte(int index, char least) {
    boolean ends = index < raw.length() && raw.charAt(index) >= least && raw.charAt(index) <= '~';
    return ends ? index + 1 : -1;
  }

  /** A string that does not end within its line is none: it would swallow what follows. */
  private int stringEnd(int from) {
    for (int i = from; i < raw.length() && raw.charAt(i) != '\n'; i++) {
      if (raw.charAt(i) == BELL) {
        return i + 1;
      }
      if (raw.charAt(i) == ESCAPE) {
        return i + 1 < raw.length() && raw.charAt(i + 1) == '\\' ? i + 2 : -1;
      }
    }
    return -1;
  }
}
