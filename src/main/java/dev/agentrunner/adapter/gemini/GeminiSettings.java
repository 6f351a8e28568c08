package dev.agentrunner.adapter.gemini;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.UsageException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
   * @throws UsageException if an option is unknown or has a value that it cannot have
   */
  static GeminiSettings from(ProviderSettings settings) {
    String where = "providers." + settings.name();
    Map<String, String> options = settings.options();
    for (String name : new TreeSet<>(options.keySet())) {
      if (!OPTIONS.contains(name)) {
        throw new UsageException(
            "%s.%s: Gemini has no such option; there are %s"
                .formatted(where, name, String.join(", ", OPTIONS)));
      }
    }
    return new GeminiSettings(
        base(where, settings.baseUrl().orElse(OFFICIAL)),
        auth(where, options.getOrDefault("auth", "key")),
        Optional.ofNullable(options.get("thinking"))
            .map(written -> thinking(where, written))
            .orElse(new Thinking.Unset()),
        Optional.ofNullable(options.get("temperature"))
            .map(written -> temperature(where, written)));
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

  private static HttpUrl base(String where, String baseUrl) {
    HttpUrl base = HttpUrl.parse(baseUrl);
    if (base == null) {
      throw new UsageException(
          where + ".base_url: not a web address beginning with https:// or http://");
    }
    if (!base.username().isEmpty() || !base.password().isEmpty()) {
      throw new UsageException(
          where
              + ".base_url: holds a user name or password; name the key with api_key_env instead");
    }
    List<String> path = base.pathSegments().stream().filter(s -> !s.isEmpty()).toList();
    boolean versioned = path.stream().anyMatch(segment -> segment.matches("v\\d[a-z0-9]*"));
    HttpUrl.Builder cleaned = base.newBuilder().encodedPath("/").query(null);
    path.forEach(cleaned::addPathSegment);
    return versioned ? cleaned.build() : cleaned.addPathSegment(VERSION).build();
  }

  private static Auth auth(String where, String written) {
    return switch (written) {
      case "key" -> Auth.KEY;
      case "bearer" -> Auth.BEARER;
      default -> throw wrong(where, "auth", written, "key or bearer");
    };
  }

  private static Thinking thinking(String where, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // "off" without quotes is false to a YAML 1.1 reader.
      case "off", "false", "0" -> new Thinking.Off();
      case "auto", "-1" -> new Thinking.Dynamic();
      case "minimal", "low", "medium", "high" ->
          new Thinking.Level(written.toUpperCase(Locale.ROOT));
      default -> {
        if (!written.matches("[1-9]\\d{0,8}")) {
          throw wrong(
              where,
              "thinking",
              written,
              "off, auto, minimal, low, medium, high, or a number of tokens");
        }
        yield new Thinking.Budget(Integer.parseInt(written));
      }
    };
  }

  private static BigDecimal temperature(String where, String written) {
    if (!written.matches("[01](\\.\\d{1,9})?|2(\\.0{1,9})?")) {
      throw wrong(where, "temperature", written, "a number from 0 to 2");
    }
    return new BigDecimal(written);
  }

  private static UsageException wrong(String where, String option, String written, String allowed) {
    return new UsageException(
        "%s.%s: %s is not possible; write %s".formatted(where, option, written, allowed));
  }
}
