package dev.agentrunner.adapter.recording;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Text as YAML can hold it: in a form that people like to read where that loses nothing. */
final class YamlText {

  private YamlText() {}

  static void write(YAMLGenerator out, String text) throws IOException {
    String whole = whole(text);
    boolean readable = whole.chars().noneMatch(YamlText::mistakable);
    out.configure(YAMLGenerator.Feature.MINIMIZE_QUOTES, readable);
    out.configure(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE, readable);
    out.writeString(whole);
  }

  /** {@code text} with a question mark for each half of a surrogate pair, which is no character. */
  static String whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** YAML takes more than {@code \n} for the end of a line, and ends them all with {@code \n}. */
  private static boolean mistakable(int c) {
    return c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029' || c == '\uFEFF';
  }
}
