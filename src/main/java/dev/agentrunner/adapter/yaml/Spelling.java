package dev.agentrunner.adapter.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what was meant. */
final class Spelling {

  private static final int LENGTH_MAX = 64;

  private Spelling() {}

  /** The candidate nearest to {@code word}, if one is near; case and {@code - _ .} do not count. */
  static Optional<String> nearest(String word, Collection<String> candidates) {
    if (word.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    String bare = bare(word);
    return candidates.stream()
        .filter(candidate -> distance(bare, bare(candidate)) <= tolerance(bare))
        .min(Comparator.comparingInt(candidate -> distance(bare, bare(candidate))));
  }

  /** Advice in words: the nearest candidate, or what there is to choose from. */
  static String advice(String word, Collection<String> candidates, String choice) {
    return nearest(word, candidates)
        .map(meant -> "did you mean %s?".formatted(Printable.quoted(meant)))
        .orElseGet(
            () -> candidates.isEmpty() ? choice + " none" : choice + " " + listed(candidates));
  }

  /** Two letters have too many neighbours for one of them to be meant. */
  private static int tolerance(String word) {
    return word.length() < 3 ? 0 : Math.max(1, word.length() / 3);
  }

  private static String listed(Collection<String> candidates) {
    String listed = String.join(", ", candidates.stream().limit(20).map(Printable::of).toList());
    return candidates.size() > 20 ? listed + ", …" : listed;
  }

  private static String bare(String word) {
    StringBuilder bare = new StringBuilder(word.length());
    for (char c : word.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c != '-' && c != '_' && c != '.' && c != ' ') {
        bare.append(c);
      }
    }
    return bare.toString();
  }

  /** Insertions, deletions, replacements and swaps of neighbours between the two. */
  private static int distance(String from, String to) {
    int[] twoBack = new int[to.length() + 1];
    int[] back = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      back[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        row[j] = Math.min(back[j - 1] + (same ? 0 : 1), 1 + Math.min(back[j], row[j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], twoBack[j - 2] + 1);
        }
      }
      int[] spare = twoBack;
      twoBack = back;
      back = row;
      row = spare;
    }
    return back[to.length()];
  }
}
