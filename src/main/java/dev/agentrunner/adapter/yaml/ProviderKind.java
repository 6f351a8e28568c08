package dev.agentrunner.adapter.yaml;

import java.util.List;
import java.util.Optional;

/**
 * A way of speaking to models that this program knows. A provider of the same name is there without
 * being written.
 *
 * @param usualVariable where its key is looked for unless something else is written
 * @param options keys that only providers of this kind have
 */
public record ProviderKind(String name, Optional<String> usualVariable, List<Option> options) {

  /**
   * One option.
   *
   * @param words what it can be; empty for any one line of text
   * @param about a sentence for people who meet the key in an editor
   */
  public record Option(String name, List<String> words, String about) {

    public Option {
      words = List.copyOf(words);
    }
  }

  public ProviderKind {
    options = List.copyOf(options);
  }

  /** Every kind there is. */
  public static List<ProviderKind> all() {
    return List.of(
        new ProviderKind("claude", Optional.of("ANTHROPIC_API_KEY"), claudeOptions()),
        new ProviderKind("replay", Optional.empty(), replayOptions()));
  }

  private static List<Option> claudeOptions() {
    return List.of(
        new Option("auth", List.of("key", "bearer"), "Which header the key goes into."),
        new Option("cache", List.of("off", "5m", "1h"), "How long prompts are remembered."),
        new Option(
            "effort",
            List.of("low", "medium", "high", "xhigh", "max"),
            "How hard the model tries."),
        new Option("temperature", List.of(), "From 0 to 1."),
        new Option("thinking", List.of(), "off, adaptive, or a number of tokens from 1024."));
  }

  private static List<Option> replayOptions() {
    return List.of(
        new Option("cassette", List.of(), "Recording to play, from the project's folder."),
        new Option(
            "match",
            List.of("strict", "loose"),
            "Whether requests must be the recorded ones, or only in the same place."));
  }
}
