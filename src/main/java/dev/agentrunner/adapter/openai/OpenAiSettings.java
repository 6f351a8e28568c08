package dev.agentrunner.adapter.openai;

import dev.agentrunner.adapter.http.ProviderOptions;
import dev.agentrunner.core.task.ProviderSettings;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What can be configured about OpenAI and those who speak like it, checked.
 *
 * @param base what the paths of both APIs are added to
 * @param effort empty for the model's own default
 * @param summary of the model's thoughts; empty for none, as some accounts may not ask for it
 * @param verbosity empty for the model's own default
 * @param tools whether the model can be offered any
 */
record OpenAiSettings(
    HttpUrl base,
    Api api,
    Optional<String> effort,
    Optional<String> summary,
    Optional<String> verbosity,
    boolean tools) {

  private static final String OFFICIAL = "https://api.openai.com/v1";
  private static final String OFFICIAL_HOST = "api.openai.com";
  private static final List<String> OPTIONS =
      List.of("api", "effort", "summary", "tools", "verbosity");
  private static final List<String> APIS = List.of("responses", "chat");
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  private static final List<String> SUMMARIES = List.of("auto", "concise", "detailed");
  private static final List<String> TOOLS = List.of("on", "off", "true", "false");
  private static final List<String> VERBOSITIES = List.of("low", "medium", "high");

  /** Which of the two APIs is spoken. */
  enum Api {
    RESPONSES("Responses API", "responses"),
    CHAT("Chat Completions API", "chat/completions");

    private final String shown;
    private final String path;

    Api(String shown, String path) {
      this.shown = shown;
      this.path = path;
    }

    /** For messages. */
    String shown() {
      return shown;
    }
  }

  /**
   * @throws dev.agentrunner.port.UsageException if an option is unknown or has a value that it
   *     cannot have
   */
  static OpenAiSettings from(ProviderSettings settings) {
    ProviderOptions options = ProviderOptions.of(settings, "OpenAI", OPTIONS);
    HttpUrl base = versioned(options.baseUrl(OFFICIAL));
    Api api =
        options
            .word("api", APIS)
            .map(word -> word.equals("chat") ? Api.CHAT : Api.RESPONSES)
            .orElse(base.host().equals(OFFICIAL_HOST) ? Api.RESPONSES : Api.CHAT);
    Optional<String> summary = options.word("summary", SUMMARIES);
    if (api == Api.CHAT && summary.isPresent()) {
      throw options.wrong("summary", summary.get(), "api: responses with it, or leave it out");
    }
    // Without quotes, "on" and "off" are true and false to a YAML 1.1 reader.
    boolean tools =
        options.word("tools", TOOLS).filter(word -> word.matches("off|false")).isEmpty();
    if (api == Api.RESPONSES && !tools) {
      throw options.wrong("tools", "off", "api: chat with it, or leave it out");
    }
    return new OpenAiSettings(
        base,
        api,
        options.word("effort", EFFORTS),
        summary,
        options.word("verbosity", VERBOSITIES),
        tools);
  }

  /** OpenAI's own address goes without a version in other tools, and never works so. */
  private static HttpUrl versioned(HttpUrl base) {
    boolean bare = base.host().equals(OFFICIAL_HOST) && base.encodedPath().equals("/");
    return bare ? base.newBuilder().addPathSegment("v1").build() : base;
  }

  /** Where questions are posted to. */
  HttpUrl endpoint() {
    return base.newBuilder().addPathSegments(api.path).build();
  }

  /** Whether this is OpenAI itself, where nothing goes without a key. */
  boolean official() {
    return base.host().equals(OFFICIAL_HOST);
  }

  /**
   * Whether {@code max_completion_tokens} is the name for the output limit: reasoning models refuse
   * the older {@code max_tokens}, which is all that most other servers know.
   */
  boolean namesCompletionTokens() {
    return official() || base.host().endsWith(".azure.com");
  }
}
