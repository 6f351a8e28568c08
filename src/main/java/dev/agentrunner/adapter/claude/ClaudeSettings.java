package dev.agentrunner.adapter.claude;

import dev.agentrunner.adapter.http.ProviderOptions;
import dev.agentrunner.core.task.ProviderSettings;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What can be configured about Claude, checked.
 *
 * @param endpoint where messages are posted to
 * @param effort empty for the model's own default
 * @param temperature empty by default: newer models refuse the field
 */
record ClaudeSettings(
    HttpUrl endpoint,
    Auth auth,
    Caching caching,
    Thinking thinking,
    Optional<String> effort,
    Optional<BigDecimal> temperature) {

  private static final String OFFICIAL = "https://api.anthropic.com";
  private static final List<String> OPTIONS =
      List.of("auth", "cache", "effort", "temperature", "thinking");
  private static final List<String> EFFORTS = List.of("low", "medium", "high", "xhigh", "max");
  private static final List<String> AUTHS = List.of("key", "bearer");
  private static final int BUDGET_MIN = 1024;

  /** Which header the key goes into. */
  enum Auth {
    KEY,
    BEARER
  }

  /** How long the provider is asked to remember a prompt, if at all. */
  enum Caching {
    OFF("off"),
    FIVE_MINUTES("5m"),
    ONE_HOUR("1h");

    private static final List<String> WORDS =
        Arrays.stream(values()).map(caching -> caching.written).toList();

    private final String written;

    Caching(String written) {
      this.written = written;
    }
  }

  /** Whether the model thinks before it answers. */
  sealed interface Thinking {

    /** As the model does by itself: which modes it accepts differs from model to model. */
    record Unset() implements Thinking {}

    record Off() implements Thinking {}

    /** The model decides how much. */
    record Adaptive() implements Thinking {}

    /**
     * @param tokens at most; 1024 or more
     */
    record Budget(int tokens) implements Thinking {}
  }

  /**
   * @throws dev.agentrunner.port.UsageException if an option is unknown or has a value that it
   *     cannot have
   */
  static ClaudeSettings from(ProviderSettings settings) {
    ProviderOptions options = ProviderOptions.of(settings, "Claude", OPTIONS);
    return new ClaudeSettings(
        endpoint(options.baseUrl(OFFICIAL)),
        options.word("auth", AUTHS).orElse("key").equals("bearer") ? Auth.BEARER : Auth.KEY,
        caching(options.word("cache", Caching.WORDS).orElse("5m")),
        options
            .text("thinking")
            .map(written -> thinking(options, written))
            .orElse(new Thinking.Unset()),
        options.word("effort", EFFORTS),
        options.text("temperature").map(written -> temperature(options, written)));
  }

  /** Whether this is Anthropic itself, where nothing goes without a key. */
  boolean official() {
    return endpoint.host().equals("api.anthropic.com");
  }

  private static HttpUrl endpoint(HttpUrl base) {
    // Other clients want the address with /v1, so it is often copied that way.
    boolean versioned = base.pathSegments().getLast().equals("v1");
    return base.newBuilder().addPathSegments(versioned ? "messages" : "v1/messages").build();
  }

  private static Caching caching(String written) {
    return Arrays.stream(Caching.values())
        .filter(caching -> caching.written.equals(written))
        .findFirst()
        .orElseThrow();
  }

  private static Thinking thinking(ProviderOptions options, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // "off" without quotes is false to a YAML 1.1 reader.
      case "off", "false" -> new Thinking.Off();
      case "adaptive" -> new Thinking.Adaptive();
      default -> {
        if (!written.matches("\\d{1,9}") || Integer.parseInt(written) < BUDGET_MIN) {
          throw options.wrong(
              "thinking", written, "off, adaptive, or a number of tokens from " + BUDGET_MIN);
        }
        yield new Thinking.Budget(Integer.parseInt(written));
      }
    };
  }

  private static BigDecimal temperature(ProviderOptions options, String written) {
    if (!written.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?")) {
      throw options.wrong("temperature", written, "a number from 0 to 1");
    }
    return new BigDecimal(written);
  }
}
