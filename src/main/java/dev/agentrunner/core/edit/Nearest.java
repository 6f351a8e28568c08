package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a file says where it comes nearest to lines it does not hold, so that a model can copy it.
 * Works within fixed bounds: a huge file gets a poorer answer, not a later one.
 */
final class Nearest {

  private static final int LINES_SHOWN = 12;
  private static final int CHARS_SHOWN = 200;
  private static final int LINES_COMPARED = 20_000;
  private static final int SAME_LINES_COUNTED = 50;
  private static final int CHARS_COMPARED = 120;

  private final List<String> file;

  Nearest(List<String> file) {
    this.file = file;
  }

  /** A paragraph with numbered lines, or one that says that nothing is like them. */
  String to(List<String> wanted) {
    int start = start(wanted);
    if (start < 0) {
      return file.isEmpty() ? "The file is empty." : "No line of the file is like them.";
    }
    StringBuilder said = new StringBuilder("Nearest, the file says:");
    int shown = Math.min(Math.max(wanted.size(), 1), LINES_SHOWN);
    int end = Math.min(file.size(), start + shown);
    for (int i = start; i < end; i++) {
      said.append("\n%5d | %s".formatted(i + 1, shown(file.get(i))));
    }
    return said.toString();
  }

  /** Places by their first line, for when there are too many. */
  static String places(List<Integer> starts) {
    List<String> numbers =
        starts.stream().limit(8).map(start -> String.valueOf(start + 1)).toList();
    return "lines " + String.join(", ", numbers) + (starts.size() > numbers.size() ? ", …" : "");
  }

  static String shown(String text) {
    String readable = Bytes.readable(text);
    return readable.length() <= CHARS_SHOWN ? readable : readable.substring(0, CHARS_SHOWN) + "…";
  }

  /** Where the window with the most lines in common begins, or -1. */
  private int start(List<String> wanted) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int i = 0; i < file.size(); i++) {
      String line = file.get(i).strip();
      if (!line.isEmpty()) {
        List<Integer> same = places.computeIfAbsent(line, key -> new ArrayList<>());
        if (same.size() < SAME_LINES_COUNTED) {
          same.add(i);
        }
      }
    }
    Map<Integer, Integer> votes = new HashMap<>();
    for (int j = 0; j < wanted.size(); j++) {
      for (int i : places.getOrDefault(wanted.get(j).strip(), List.of())) {
        votes.merge(Math.max(0, i - j), 1, Integer::sum);
      }
    }
    int best = -1;
    int most = 0;
    for (Map.Entry<Integer, Integer> vote : votes.entrySet()) {
      if (vote.getValue() > most || (vote.getValue() == most && vote.getKey() < best)) {
        best = vote.getKey();
        most = vote.getValue();
      }
    }
    return best >= 0 ? best : startByLetters(wanted);
  }

  /** Where a line resembles the first one wanted, letter pair by letter pair. */
  private int startByLetters(List<String> wanted) {
    int skipped = 0;
    while (skipped < wanted.size() && wanted.get(skipped).isBlank()) {
      skipped++;
    }
    if (skipped == wanted.size()) {
      return -1;
    }
    Set<Integer> pairs = pairs(wanted.get(skipped));
    int best = -1;
    double most = 0.5;
    for (int i = 0; i < Math.min(file.size(), LINES_COMPARED); i++) {
      Set<Integer> others = pairs(file.get(i));
      int total = pairs.size() + others.size();
      others.retainAll(pairs);
      double alike = total == 0 ? 0 : 2.0 * others.size() / total;
      if (alike > most) {
        best = i;
        most = alike;
      }
    }
    return best < 0 ? -1 : Math.max(0, best - skipped);
  }

  private static Set<Integer> pairs(String line) {
    String text = line.strip();
    Set<Integer> pairs = new HashSet<>();
    for (int i = 1; i < Math.min(text.length(), CHARS_COMPARED); i++) {
      pairs.add(text.charAt(i - 1) << 8 | text.charAt(i));
    }
    return pairs;
  }
}
