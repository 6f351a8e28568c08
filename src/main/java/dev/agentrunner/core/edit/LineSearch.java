package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Finds runs of lines among others in time that grows with the number of lines only, however much
 * they repeat (Knuth, Morris, Pratt).
 */
final class LineSearch {

  private final UnaryOperator<String> likeness;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[] searched;

  /**
   * @param likeness what two lines must have in common to count as the same
   */
  LineSearch(List<String> searched, UnaryOperator<String> likeness) {
    this.likeness = likeness;
    this.searched = numbered(searched);
  }

  private int[] numbered(List<String> lines) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(likeness.apply(line), key -> numbers.size()))
        .toArray();
  }

  /** Where {@code wanted} begins, in order; places may overlap. None if it is empty. */
  List<Integer> find(List<String> wanted) {
    if (wanted.isEmpty() || wanted.size() > searched.length) {
      return List.of();
    }
    int[] pattern = numbered(wanted);
    int[] fallback = fallback(pattern);
    List<Integer> found = new ArrayList<>();
    int matched = 0;
    for (int i = 0; i < searched.length; i++) {
      while (matched > 0 && searched[i] != pattern[matched]) {
        matched = fallback[matched - 1];
      }
      if (searched[i] == pattern[matched]) {
        matched++;
      }
      if (matched == pattern.length) {
        found.add(i + 1 - matched);
        matched = fallback[matched - 1];
      }
    }
    return found;
  }

  /** For each beginning of {@code pattern}: how much of it is also its end. */
  private static int[] fallback(int[] pattern) {
    int[] fallback = new int[pattern.length];
    int matched = 0;
    for (int i = 1; i < pattern.length; i++) {
      while (matched > 0 && pattern[i] != pattern[matched]) {
        matched = fallback[matched - 1];
      }
      if (pattern[i] == pattern[matched]) {
        matched++;
      }
      fallback[i] = matched;
    }
    return fallback;
  }
}
