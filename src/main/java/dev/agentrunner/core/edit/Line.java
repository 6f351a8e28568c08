package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a file or a reply.
 *
 * @param text without its ending
 * @param ending {@code "\n"}, {@code "\r\n"}, or empty for a last line that has none
 */
record Line(String text, String ending) {

  static final String LF = "\n";
  static final String CRLF = "\r\n";

  static List<Line> split(String text) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      boolean cr = end > from && text.charAt(end - 1) == '\r';
      lines.add(new Line(text.substring(from, cr ? end - 1 : end), cr ? CRLF : LF));
      from = end + 1;
    }
    if (from < text.length()) {
      lines.add(new Line(text.substring(from), ""));
    }
    return lines;
  }

  String whole() {
    return text + ending;
  }

  boolean blank() {
    return text.isBlank();
  }

  Line ending(String other) {
    return new Line(text, other);
  }

  static List<String> texts(List<Line> lines) {
    return lines.stream().map(Line::text).toList();
  }
}
