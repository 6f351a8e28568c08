package dev.agentrunner.adapter.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which files of a folder are meant. {@code *}, {@code ?} and {@code [a-z]} stay within a name,
 * {@code **} spans folders, {@code {a,b}} is either. A pattern without a slash is for the name
 * alone, at any depth; any other is for the whole path from the task's folder.
 */
final class Glob {

  private static final int ALTERNATIVES_MAX = 100;

  private final List<PathPattern> alternatives;

  private Glob(List<PathPattern> alternatives) {
    this.alternatives = List.copyOf(alternatives);
  }

  static Glob of(String text) throws Refusal {
    List<PathPattern> alternatives = new ArrayList<>();
    for (String one : alternatives(text)) {
      alternatives.add(PathPattern.of(parts(one)));
    }
    return new Glob(alternatives);
  }

  /**
   * The same for {@code **.py} as for {@code **} and {@code *.py}: many mean that when they write
   * it.
   */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split("/", -1)) {
      if (part.contains("**") && !part.equals("**")) {
        parts.add("**");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (!text.contains("/")) {
      parts.addFirst("**");
    }
    return parts;
  }

  private static List<String> alternatives(String text) throws Refusal {
    List<String> open = new ArrayList<>(List.of(text));
    List<String> done = new ArrayList<>();
    while (!open.isEmpty()) {
      if (open.size() + done.size() > ALTERNATIVES_MAX) {
        throw new Refusal(
            "the glob has more than " + ALTERNATIVES_MAX + " alternatives; use fewer");
      }
      String one = open.removeLast();
      // From the innermost outwards: the last opening brace has no other within.
      int from = one.lastIndexOf('{');
      int to = from < 0 ? -1 : one.indexOf('}', from);
      if (to < 0) {
        done.add(one);
      } else {
        String before = one.substring(0, from);
        String after = one.substring(to + 1);
        Arrays.stream(one.substring(from + 1, to).split(",", -1))
            .forEach(choice -> open.add(before + choice + after));
      }
    }
    return done;
  }

  boolean matches(String path) {
    List<String> parts = Arrays.asList(path.split("/", -1));
    return alternatives.stream().anyMatch(a -> a.matches(parts));
  }
}
