package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Some lines of a diff.
 *
 * @param line where it stands in the reply, from 1
 * @param start the first old line by its header, from 0; for a hunk without old lines, the line it
 *     comes before; empty if the header has no numbers
 */
record Hunk(int line, OptionalInt start, List<Entry> entries) {

  /** What a diff says of a line. */
  enum Sign {
    KEPT,
    REMOVED,
    ADDED
  }

  /** A line and its sign. */
  record Entry(Sign sign, Line line) {}

  Hunk {
    entries = List.copyOf(entries);
  }

  List<Line> old() {
    return entries.stream().filter(e -> e.sign() != Sign.ADDED).map(Entry::line).toList();
  }

  boolean onlyAdds() {
    return entries.stream().allMatch(e -> e.sign() == Sign.ADDED);
  }

  boolean changesNothing() {
    return entries.stream().allMatch(e -> e.sign() == Sign.KEPT);
  }

  boolean removes() {
    return entries.stream().anyMatch(e -> e.sign() == Sign.REMOVED);
  }

  int keptAtHead() {
    int kept = 0;
    while (kept < entries.size() && entries.get(kept).sign() == Sign.KEPT) {
      kept++;
    }
    return kept;
  }

  int keptAtTail() {
    int kept = 0;
    while (kept < entries.size() && entries.get(entries.size() - 1 - kept).sign() == Sign.KEPT) {
      kept++;
    }
    return kept;
  }

  /** The same with fewer lines around the change. */
  Hunk without(int head, int tail) {
    return new Hunk(
        line,
        start.isPresent() ? OptionalInt.of(start.getAsInt() + head) : start,
        entries.subList(head, entries.size() - tail));
  }

  /** The lines that take the place of {@code present}, which the old lines were found to be. */
  List<Line> applied(List<Line> present, java.util.function.UnaryOperator<Line> fitted) {
    List<Line> result = new ArrayList<>();
    int at = 0;
    for (Entry entry : entries) {
      switch (entry.sign()) {
        case KEPT -> result.add(present.get(at++));
        case REMOVED -> at++;
        case ADDED -> result.add(fitted.apply(entry.line()));
      }
    }
    return result;
  }
}
