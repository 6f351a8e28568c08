package dev.agentrunner.adapter.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A pattern for a path, part by part. A part {@code **} stands for any number of parts: none or
 * more, but one or more at the end, so that {@code a/**} is what lies in {@code a} and not {@code
 * a}.
 */
final class PathPattern {

  private final RunPattern<String> parts;

  private PathPattern(RunPattern<String> parts) {
    this.parts = parts;
  }

  static PathPattern of(List<String> texts) {
    List<Optional<Predicate<String>>> parts = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      boolean any = texts.get(i).equals("**");
      if (any) {
        parts.add(Optional.empty());
      }
      if (!any || i == texts.size() - 1) {
        NamePattern name = NamePattern.of(texts.get(i));
        parts.add(Optional.of(name::matches));
      }
    }
    return new PathPattern(new RunPattern<>(parts));
  }

  boolean matches(List<String> path) {
    return parts.matches(path);
  }
}
