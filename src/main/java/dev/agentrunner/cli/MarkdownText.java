package dev.agentrunner.cli;

/**
 * Text of others within Markdown. Nothing of it is markup: no links, pictures or tags that a model
 * or a hook could have put there.
 */
final class MarkdownText {

  private static final String SPECIAL = "\\`*_{}[]#!|~$@";

  private MarkdownText() {}

  /** As part of a line. */
  static String inline(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    Screen.harmless(text)
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '&' -> safe.append("&amp;");
            case '\n', '\t' -> safe.append(' ');
            default -> {
              if (SPECIAL.indexOf(c) >= 0) {
                safe.append('\\');
              }
              safe.appendCodePoint(c);
            }
          }
        });
    // A bare address would become a link.
    return safe.toString().replace("://", ":&#47;/").replace("www.", "www&#46;");
  }

  /** As lines of its own, behind a fence that they cannot break. */
  static String block(String text) {
    String safe = Screen.harmless(text).stripTrailing();
    int longest = 0;
    int run = 0;
    for (int i = 0; i < safe.length(); i++) {
      run = safe.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    String fence = "`".repeat(Math.max(3, longest + 1));
    return "%stext\n%s\n%s\n".formatted(fence, safe, fence);
  }
}
