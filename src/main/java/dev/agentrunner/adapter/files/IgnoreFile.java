package dev.agentrunner.adapter.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one {@code .gitignore} says about the files beside and below it. Source:
 * https://git-scm.com/docs/gitignore, read 2026-11.
 */
final class IgnoreFile {

  private final List<Rule> rules;

  private IgnoreFile(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  static IgnoreFile of(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    List<Rule> rules = new ArrayList<>();
    for (String line : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n", -1)) {
      Rule.of(line).ifPresent(rules::add);
    }
    return new IgnoreFile(rules);
  }

  /**
   * Whether the file rules {@code path} out, or in; empty if it says nothing of it.
   *
   * @param path its parts, from the folder of this file
   */
  Optional<Boolean> ignores(List<String> path, boolean folder) {
    for (Rule rule : rules.reversed()) {
      if (rule.isAbout(path, folder)) {
        return Optional.of(!rule.keeps);
      }
    }
    return Optional.empty();
  }

  private record Rule(PathPattern pattern, boolean keeps, boolean foldersOnly) {

    static Optional<Rule> of(String line) {
      String text = withoutSpacesAtEnd(line);
      if (text.startsWith("#")) {
        return Optional.empty();
      }
      boolean keeps = text.startsWith("!");
      text = keeps ? text.substring(1) : text;
      boolean foldersOnly = text.endsWith("/");
      text = foldersOnly ? text.substring(0, text.length() - 1) : text;
      if (text.isEmpty()) {
        return Optional.empty();
      }
      List<String> parts = new ArrayList<>(Arrays.asList(text.split("/", -1)));
      if (parts.size() == 1) {
        parts.addFirst("**");
      } else if (parts.getFirst().isEmpty()) {
        parts.removeFirst();
      }
      return Optional.of(new Rule(PathPattern.of(parts), keeps, foldersOnly));
    }

    boolean isAbout(List<String> path, boolean folder) {
      return (folder || !foldersOnly) && pattern.matches(path);
    }

    private static String withoutSpacesAtEnd(String line) {
      int end = line.length();
      while (end > 0 && line.charAt(end - 1) == ' ') {
        end--;
      }
      boolean escaped = end < line.length() && end > 0 && line.charAt(end - 1) == '\\';
      return line.substring(0, escaped ? end + 1 : end);
    }
  }
}
