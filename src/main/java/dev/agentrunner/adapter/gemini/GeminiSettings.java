package dev.agentrunner.adapter.gemini;

import dev.agentrunner.adapter.http.ProviderOptions;
import dev.agentrunner.core.task.ProviderSettings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What can be configured about Gemini, checked.
 *
 * @param base below which the models are found, with the version of the API
 * @param temperature empty for the model's own default
 */
record GeminiSettings(
    HttpUrl base, Auth auth, Thinking thinking, Optional<BigDecimal> temperature) {

  private static final String OFFICIAL = "https://generativelanguage.googleapis.com";
  private static final String VERSION = "v1beta";
  private static final List<String> OPTIONS = List.of("auth", "temperature", "thinking");
  private static final List<String> AUTHS = List.of("key", "bearer");

  /** Which header the key goes into. */
  enum Auth {
    KEY,
    BEARER
  }

  /** Whether the model thinks before it answers. */
  sealed interface Thinking {

    /** As the model does by itself. */
    record Unset() implements Thinking {}

    /** Only some models let it be turned off; the others refuse the request. */
    record Off() implements Thinking {}

    /** The model decides how much; for the 2.5 models. */
    record Dynamic() implements Thinking {}

    /**
     * For models from Gemini 3 on.
     *
     * @param level as the API writes it
     */
    record Level(String level) implements Thinking {}

    /**
     * @param tokens at most; positive
     */
    record Budget(int tokens) implements Thinking {}
  }

  /**
   * @throws dev.agentrunner.port.UsageException if an option is unknown or has a value that it
   *     cannot have
   */
  static GeminiSettings from(ProviderSettings settings) {
    ProviderOptions options = ProviderOptions.of(settings, "Gemini", OPTIONS);
    return new GeminiSettings(
        versioned(options.baseUrl(OFFICIAL)),
        options.word("auth", AUTHS).orElse("key").equals("bearer") ? Auth.BEARER : Auth.KEY,
        options
            .text("thinking")
            .map(written -> thinking(options, written))
            .orElse(new Thinking.Unset()),
        options.temperature());
  }

  /** Whether this is Google itself, where nothing goes without a key. */
  boolean official() {
    return base.host().endsWith(".googleapis.com");
  }

  /** Where a stream of {@code model} is asked for. */
  HttpUrl endpoint(String model) {
    HttpUrl.Builder endpoint = base.newBuilder();
    // A name may bring its folder along, as in models/gemini-2.5-pro or tunedModels/mine.
    String path = model.contains("/") ? model : "models/" + model;
    endpoint.addPathSegments(path + ":streamGenerateContent");
    // Without this the reply is one JSON array, complete only at its end.
    return endpoint.addQueryParameter("alt", "sse").build();
  }

  private static HttpUrl versioned(HttpUrl base) {
    boolean versioned =
        base.pathSegments().stream().anyMatch(segment -> segment.matches("v\\d[a-z0-9]*"));
    HttpUrl.Builder plain = base.newBuilder().query(null);
    return versioned ? plain.build() : plain.addPathSegment(VERSION).build();
  }

  private static Thinking thinking(ProviderOptions options, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // "off" without quotes is false to a YAML 1.1 reader.
      case "off", "false", "0" -> new Thinking.Off();
      case "auto", "-1" -> new Thinking.Dynamic();
      case "minimal", "low", "medium", "high" ->
          new Thinking.Level(written.toUpperCase(Locale.ROOT));
      default -> {
        if (!written.matches("[1-9]\\d{0,8}")) {
          throw options.wrong(
              "thinking", written, "off, auto, minimal, low, medium, high, or a number of tokens");
        }
        yield new Thinking.Budget(Integer.parseInt(written));
      }
    };
  }
}
