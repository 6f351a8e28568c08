package dev.agentrunner.core.edit;

import java.nio.charset.StandardCharsets;

/**
 * The two ways bytes are seen here: as ISO-8859-1 text to work on, which loses nothing, and as what
 * people read.
 */
final class Bytes {

  private Bytes() {}

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A text as Java has it, such as a tool's argument, to work on. */
  static String working(String readable) {
    return text(readable.getBytes(StandardCharsets.UTF_8));
  }

  /** What {@code text} says; bytes that are no UTF-8 become the replacement character. */
  static String readable(String text) {
    return new String(of(text), StandardCharsets.UTF_8);
  }

  /** A name of a file; if it is no UTF-8, its odd bytes are given as {@code \xFF}. */
  static String name(String text) {
    String readable = readable(text);
    if (working(readable).equals(text)) {
      return readable;
    }
    StringBuilder name = new StringBuilder();
    for (byte b : of(text)) {
      name.append(b > ' ' && b < 0x7F ? String.valueOf((char) b) : "\\x%02X".formatted(b));
    }
    return name.toString();
  }
}
