package dev.agentrunner.adapter.yaml;

import java.util.List;
import java.util.Optional;

/**
 * A way of speaking to models that this program knows.
 *
 * @param usualVariable where its key is looked for unless something else is written
 * @param options keys that only providers of this kind have
 * @param standing names of providers that are there without being written
 * @param silence its usual bound on silence, as it would be written; empty for everybody's
 * @param total its usual bound on a whole call; empty for everybody's
 */
public record ProviderKind(
    String name,
    Optional<String> usualVariable,
    List<Option> options,
    List<String> standing,
    Optional<String> silence,
    Optional<String> total) {

  /** One that a provider of the same name is there for, with everybody's bounds. */
  ProviderKind(String name, Optional<String> usualVariable, List<Option> options) {
    this(name, usualVariable, options, List.of(name), Optional.empty(), Optional.empty());
  }

  /**
   * One option.
   *
   * @param words what it can be; empty for anything of its form
   * @param about a sentence for people who meet the key in an editor
   */
  public record Option(String name, List<String> words, Form form, String about) {

    public Option {
      words = List.copyOf(words);
    }

    Option(String name, List<String> words, String about) {
      this(name, words, Form.LINE, about);
    }
  }

  /** What an option looks like. */
  public enum Form {
    /** One line of text, or one of its words. */
    LINE,
    /** A list of words. */
    WORDS,
    /** A list of names of environment variables. */
    VARIABLES
  }

  public ProviderKind {
    options = List.copyOf(options);
    standing = List.copyOf(standing);
  }

  /** Every kind there is. */
  public static List<ProviderKind> all() {
    return List.of(
        new ProviderKind("claude", Optional.of("ANTHROPIC_API_KEY"), claudeOptions()),
        new ProviderKind("openai", Optional.of("OPENAI_API_KEY"), openAiOptions()),
        new ProviderKind("gemini", Optional.of("GEMINI_API_KEY"), geminiOptions()),
        new ProviderKind("ollama", Optional.of("OLLAMA_API_KEY"), ollamaOptions()),
        new ProviderKind("replay", Optional.empty(), replayOptions()),
        new ProviderKind(
            "command",
            Optional.empty(),
            commandOptions(),
            List.of("claude-code", "codex", "gemini-cli", "opencode", "aider", "goose"),
            Optional.of("10m"),
            Optional.of("60m")));
  }

  private static List<Option> commandOptions() {
    return List.of(
        new Option(
            "preset",
            List.of("claude-code", "codex", "gemini-cli", "opencode", "aider", "goose", "generic"),
            "Which agent it is; the provider's name if left out."),
        new Option("command", List.of(), Form.WORDS, "The program and its first arguments."),
        new Option("args", List.of(), Form.WORDS, "Arguments after those of agent-runner."),
        new Option(
            "prompt",
            List.of("stdin", "argument", "file"),
            "How the prompt reaches it; by preset if left out."),
        new Option(
            "permissions",
            List.of("edit", "run", "all"),
            "What it may do unasked: edit files, run commands too, or anything."),
        new Option(
            "billing",
            List.of("subscription", "api_key"),
            "Who pays; must be said where a login and a key are both there."),
        new Option(
            "env", List.of(), Form.VARIABLES, "Environment variables it gets besides its own."),
        new Option(
            "limit_patterns",
            List.of(),
            "File with your own limit patterns, from the project's folder."));
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

  private static List<Option> openAiOptions() {
    return List.of(
        new Option(
            "api",
            List.of("responses", "chat"),
            "Which API is spoken; chat with other servers, if left out."),
        new Option(
            "effort",
            List.of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
            "How hard the model tries."),
        new Option(
            "summary",
            List.of("auto", "concise", "detailed"),
            "Whether the model tells what it thinks; api responses only."),
        new Option(
            "tools",
            List.of("on", "off"),
            "Off for a model that cannot call tools; api chat only."),
        new Option("verbosity", List.of("low", "medium", "high"), "How much the model says."));
  }

  private static List<Option> geminiOptions() {
    return List.of(
        new Option("auth", List.of("key", "bearer"), "Which header the key goes into."),
        new Option("temperature", List.of(), "From 0 to 2."),
        new Option(
            "thinking",
            List.of(),
            "off, auto, minimal, low, medium, high, or a number of tokens."));
  }

  private static List<Option> ollamaOptions() {
    return List.of(
        new Option("keep_alive", List.of(), "How long the model stays loaded, such as 30m."),
        new Option("num_ctx", List.of(), "Tokens of context at most; 65536 unless said."),
        new Option("temperature", List.of(), "From 0 to 2."),
        new Option("thinking", List.of(), "on, off, low, medium, high or max."));
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
