package dev.agentrunner.core.limit;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a model, or of several: {@code *} stands for anything. A name also stands for its
 * releases, such as {@code name-20260101}, {@code name-2026-01-01} and {@code name-latest}.
 */
public record ModelPattern(String text) {

  private static final String RELEASE = "([-@](\\d{8}|\\d{4}-\\d{2}-\\d{2}|latest))?";

  public boolean matches(String model) {
    String literal =
        Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    // Gemini's models can be named with their folder.
    String bare = model.startsWith("models/") ? model.substring("models/".length()) : model;
    return Pattern.matches(literal + RELEASE, bare);
  }

  /** How much of the name it spells out: more wins over less. */
  public int exactness() {
    return text.replace("*", "").length();
  }
}
