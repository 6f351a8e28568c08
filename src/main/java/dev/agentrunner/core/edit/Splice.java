package dev.agentrunner.core.edit;

import java.util.Comparator;
import java.util.List;

/**
 * Lines to put in place of others.
 *
 * @param at the first line replaced, from 0
 * @param removed how many lines go; 0 puts the new ones before {@code at}
 */
record Splice(int at, int removed, List<Line> added) {

  static final Comparator<Splice> BY_PLACE =
      Comparator.comparingInt(Splice::at).thenComparingInt(Splice::end);

  Splice {
    added = List.copyOf(added);
  }

  int end() {
    return at + removed;
  }

  boolean touches(Splice other) {
    return at == other.at || (at < other.end() && other.at < end());
  }
}
