package dev.agentrunner.adapter.yaml;

/**
 * Text made fit for a terminal: whatever would not print, or would print elsewhere, is spelt out.
 */
final class Printable {

  private static final int QUOTED_MAX = 60;

  private Printable() {}

  /** On one line, without control characters or invisible ones. */
  static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> shown.append(of(c)));
    return shown.toString();
  }

  static String of(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> prints(codePoint) ? Character.toString(codePoint) : spelt(codePoint);
    };
  }

  /** Within single quotes, and not longer than is of use. */
  static String quoted(String text) {
    boolean cut = text.codePointCount(0, text.length()) > QUOTED_MAX;
    String head = cut ? text.substring(0, text.offsetByCodePoints(0, QUOTED_MAX)) : text;
    return "'" + of(head) + (cut ? "…" : "") + "'";
  }

  /** How many columns of a terminal the character takes: 0, 1 or 2. */
  static int columns(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return wide(codePoint) ? 2 : 1;
  }

  private static boolean prints(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static String spelt(int codePoint) {
    return codePoint < 0x100
        ? "\\x%02X".formatted(codePoint)
        : codePoint < 0x10000 ? "\\u%04X".formatted(codePoint) : "\\U%08X".formatted(codePoint);
  }

  /** After Unicode's East Asian Width, W and F, in coarse blocks. */
  private static boolean wide(int c) {
    return c >= 0x1100
        && (c <= 0x115F
            || (c >= 0x2E80 && c <= 0x303E)
            || (c >= 0x3041 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1F64F)
            || (c >= 0x1F680 && c <= 0x1F6FF)
            || (c >= 0x1F900 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD));
  }
}
