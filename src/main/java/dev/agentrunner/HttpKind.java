package dev.agentrunner;

import dev.agentrunner.adapter.claude.ClaudeCheckup;
import dev.agentrunner.adapter.claude.ClaudeModel;
import dev.agentrunner.adapter.gemini.GeminiCheckup;
import dev.agentrunner.adapter.gemini.GeminiModel;
import dev.agentrunner.adapter.http.HttpModel;
import dev.agentrunner.adapter.http.ProviderHttp;
import dev.agentrunner.adapter.ollama.OllamaCheckup;
import dev.agentrunner.adapter.ollama.OllamaModel;
import dev.agentrunner.adapter.openai.OpenAiCheckup;
import dev.agentrunner.adapter.openai.OpenAiModel;
import dev.agentrunner.adapter.text.TextModel;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.Checkup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How providers of one kind that are asked over HTTP come to be.
 *
 * @param usualModel asked for where nobody names one
 * @param firstByte until a reply begins, if that can take long
 */
record HttpKind(
    String usualModel, Duration firstByte, Maker<HttpModel> models, Maker<Checkup> checkups) {

  /**
   * All of them. A new one is a line here and one in {@code ProviderKind}, which has its keys.
   *
   * @param notices is told what a person should know though it stops nothing
   */
  static Map<String, HttpKind> all(Consumer<String> notices) {
    Maker<HttpModel> ollama =
        (settings, environment, http, longestWait, clock) ->
            new OllamaModel(
                settings,
                environment,
                http,
                longestWait,
                clock,
                new OllamaModel.Aids(notices, TextModel::new));
    return Map.of(
        "claude", new HttpKind("claude-sonnet-5-5", ClaudeModel::new, ClaudeCheckup::new),
        "openai", new HttpKind("gpt-6.1-sol", OpenAiModel::new, OpenAiCheckup::new),
        "gemini", new HttpKind("gemini-3.8-flash", GeminiModel::new, GeminiCheckup::new),
        "ollama",
            new HttpKind("qwen3-coder:30b", OllamaModel.FIRST_BYTE, ollama, OllamaCheckup::new));
  }

  HttpKind(String usualModel, Maker<HttpModel> models, Maker<Checkup> checkups) {
    this(usualModel, Duration.ZERO, models, checkups);
  }

  /** The constructor that every model and every checkup has. */
  interface Maker<T> {

    /**
     * @param environment looks up a variable; empty if it is not set
     * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
     * @throws dev.agentrunner.port.UsageException if the settings ask for what cannot be
     */
    T make(
        ProviderSettings settings,
        Function<String, Optional<String>> environment,
        ProviderHttp http,
        Duration longestWait,
        InstantSource clock);
  }
}
