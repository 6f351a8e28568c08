package dev.agentrunner.cli;

import java.util.List;
import org.jline.utils.AttributedString;

/**
 * The lowest lines of a terminal, written over again and again, while what is printed above them
 * scrolls away as ever. Tells what to send to the terminal for that: as little as can be, and
 * nothing if nothing changed. The cursor stays behind the last line.
 */
final class Region {

  private static final String CLEAR_TO_END = "\u001B[J";
  private static final String CLEAR_LINE = "\u001B[K";

  private List<AttributedString> shown = List.of();
  private int columns = 1;
  private boolean left;

  /**
   * @param above whole lines to print above the region, sequences for colours in them
   * @param lines of the region, each narrower than {@code width}
   */
  String paint(List<String> above, List<AttributedString> lines, int width) {
    boolean anew = left || !above.isEmpty() || width != columns || lines.size() != shown.size();
    String change = anew ? whole(above, lines, width) : changed(lines);
    shown = List.copyOf(lines);
    columns = width;
    return change;
  }

  /** Leaves the region where it is, as somebody wrote below it; the next one begins there. */
  void leave() {
    shown = List.of();
    left = true;
  }

  /** Takes the region away; the cursor is where it began. */
  String clear(int width) {
    String clear = shown.isEmpty() ? "" : top(width) + CLEAR_TO_END;
    shown = List.of();
    return clear;
  }

  private String whole(List<String> above, List<AttributedString> lines, int width) {
    StringBuilder text = new StringBuilder(left ? "\r\n" : "");
    left = false;
    text.append(shown.isEmpty() ? "" : top(width) + CLEAR_TO_END);
    above.forEach(line -> text.append(line).append("\r\n"));
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == 0 ? "" : "\r\n").append(lines.get(i).toAnsi());
    }
    return text.toString();
  }

  private String changed(List<AttributedString> lines) {
    StringBuilder text = new StringBuilder();
    int last = lines.size() - 1;
    for (int i = 0; i <= last; i++) {
      if (lines.get(i).equals(shown.get(i))) {
        continue;
      }
      text.append('\r').append(up(last - i));
      text.append(CLEAR_LINE).append(lines.get(i).toAnsi());
      text.append(last == i ? "" : "\r\u001B[" + (last - i) + "B");
    }
    if (!text.isEmpty() && lines.get(last).equals(shown.get(last))) {
      // Behind the last line again.
      int length = lines.get(last).columnLength();
      text.append('\r').append(length == 0 ? "" : "\u001B[" + length + "C");
    }
    return text.toString();
  }

  /** To the beginning of the first line, which a narrower terminal may have broken in two. */
  private String top(int width) {
    int rows =
        shown.stream()
            .mapToInt(line -> Math.max(1, -Math.floorDiv(-line.columnLength(), width)))
            .sum();
    return "\r" + up(rows - 1);
  }

  private static String up(int rows) {
    return rows <= 0 ? "" : "\u001B[" + rows + "A";
  }
}
