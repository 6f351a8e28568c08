package dev.agentrunner.adapter.yaml;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Hides from a YAML 1.1 parser what is text to us: three characters that it takes for line ends,
 * and two that it does not take at all. Each is replaced by a private-use character that the text
 * does not hold.
 */
final class LineMarks {

  private static final int[] MARKS = {0x85, 0x2028, 0x2029, 0xFFFE, 0xFFFF};
  private static final int PRIVATE_FIRST = 0xF0000;
  private static final int PRIVATE_LAST = 0xFFFFD;

  private final int[] standIns;

  private LineMarks(int[] standIns) {
    this.standIns = standIns;
  }

  static LineMarks hiddenIn(String text) {
    if (Arrays.stream(MARKS).allMatch(mark -> text.indexOf(mark) < 0)) {
      return new LineMarks(new int[0]);
    }
    BitSet taken = new BitSet();
    text.codePoints()
        .filter(c -> c >= PRIVATE_FIRST && c <= PRIVATE_LAST)
        .forEach(c -> taken.set(c - PRIVATE_FIRST));
    int[] standIns = new int[MARKS.length];
    int from = 0;
    for (int i = 0; i < MARKS.length; i++) {
      from = taken.nextClearBit(from);
      if (from > PRIVATE_LAST - PRIVATE_FIRST) {
        return new LineMarks(new int[0]);
      }
      standIns[i] = PRIVATE_FIRST + from++;
    }
    return new LineMarks(standIns);
  }

  String hidden(String text) {
    return swapped(text, MARKS, standIns);
  }

  String restored(String text) {
    return swapped(text, standIns, MARKS);
  }

  private String swapped(String text, int[] from, int[] to) {
    if (standIns.length == 0) {
      return text;
    }
    String swapped = text;
    for (int i = 0; i < standIns.length; i++) {
      swapped = swapped.replace(Character.toString(from[i]), Character.toString(to[i]));
    }
    return swapped;
  }
}
