package dev.agentrunner.engine;

import java.nio.charset.StandardCharsets;

/**
 * Text that nobody vouches for, as the model is shown it: between two lines that it cannot forge.
 *
 * <pre>
 * &lt;untrusted source="read_file src/app.py" id="0f3a6c…"&gt;
 * the text, unchanged
 * &lt;/untrusted id="0f3a6c…"&gt;
 * </pre>
 *
 * The id is of the text's own digest: whoever writes the text cannot know it, and the same text
 * always has the same one, so that a run can be replayed.
 *
 * @param source what it is from, such as {@code hook unit-tests}
 */
record Material(String source, String text) {

  private static final int ID_LENGTH = 16;

  String marked() {
    String id = id();
    return "<untrusted source=\"%s\" id=\"%s\">\n%s%s</untrusted id=\"%s\">"
        .formatted(plain(source), id, text, text.endsWith("\n") ? "" : "\n", id);
  }

  /** Whether {@code line} opens a block. */
  static boolean isMark(String line) {
    return line.startsWith("<untrusted source=");
  }

  private String id() {
    String id = digest(text);
    // As likely as to guess a key; still, what is promised is that it cannot be.
    while (text.contains(id)) {
      id = digest(id + text);
    }
    return id;
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, ID_LENGTH);
  }

  /** A path can hold quotes and line feeds too. */
  private static String plain(String source) {
    StringBuilder plain = new StringBuilder();
    source
        .codePoints()
        .limit(200)
        .forEach(c ->
            plain.appendCodePoint(Character.isISOControl(c) || "\"<>&".indexOf(c) >= 0 ? '_' : c));
    return plain.toString();
  }
}
