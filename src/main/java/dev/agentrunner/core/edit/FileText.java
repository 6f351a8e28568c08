package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;

/**
 * A file as lines.
 *
 * @param mark the byte order mark it begins with, or empty
 */
record FileText(String mark, List<Line> lines) {

  static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

  FileText {
    lines = List.copyOf(lines);
  }

  static FileText of(byte[] file) {
    String text = Bytes.text(file);
    return text.startsWith(BYTE_ORDER_MARK)
        ? new FileText(BYTE_ORDER_MARK, Line.split(text.substring(BYTE_ORDER_MARK.length())))
        : new FileText("", Line.split(text));
  }

  /** How lines of this file end; its first line is asked. */
  String ending() {
    return lines.stream()
        .findFirst()
        .map(Line::ending)
        .filter(ending -> !ending.isEmpty())
        .orElse(Line.LF);
  }

  boolean endsWithNewline() {
    return lines.isEmpty() || !lines.getLast().ending().isEmpty();
  }

  /**
   * This file with some of its lines replaced.
   *
   * @param splices in any order, none touching another's lines
   */
  FileText with(List<Splice> splices) {
    List<Line> result = new ArrayList<>();
    int read = 0;
    for (Splice splice : splices.stream().sorted(Splice.BY_PLACE).toList()) {
      result.addAll(lines.subList(read, splice.at()));
      result.addAll(splice.added());
      read = splice.end();
    }
    result.addAll(lines.subList(read, lines.size()));
    return new FileText(mark, result);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(mark);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      boolean open = line.ending().isEmpty() && i < lines.size() - 1;
      text.append(line.text()).append(open ? ending() : line.ending());
    }
    return Bytes.of(text.toString());
  }
}
