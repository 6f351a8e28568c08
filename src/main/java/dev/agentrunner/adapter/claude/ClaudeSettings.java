package dev.agentrunner.adapter.claude;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.UsageException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
   * @throws UsageException if an option is unknown or has a value that it cannot have
   */
  static ClaudeSettings from(ProviderSettings settings) {
    String where = "providers." + settings.name();
    Map<String, String> options = settings.options();
    for (String name : new TreeSet<>(options.keySet())) {
      if (!OPTIONS.contains(name)) {
        throw new UsageException(
            "%s.%s: Claude has no such option; there are %s"
                .formatted(where, name, String.join(", ", OPTIONS)));
      }
    }
    return new ClaudeSettings(
        endpoint(where, settings.baseUrl().orElse(OFFICIAL)),
        auth(where, options.getOrDefault("auth", "key")),
        caching(where, options.getOrDefault("cache", "5m")),
        Optional.ofNullable(options.get("thinking"))
            .map(written -> thinking(where, written))
            .orElse(new Thinking.Unset()),
        Optional.ofNullable(options.get("effort")).map(written -> effort(where, written)),
        Optional.ofNullable(options.get("temperature"))
            .map(written -> temperature(where, written)));
  }

  /** Whether this is Anthropic itself, where nothing goes without a key. */
  boolean official() {
    return endpoint.host().equals("api.anthropic.com");
  }

  private static HttpUrl endpoint(String where, String baseUrl) {
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
    // Other clients want the address with /v1, so it is often copied that way.
    List<String> path = base.pathSegments().stream().filter(s -> !s.isEmpty()).toList();
    boolean versioned = !path.isEmpty() && path.getLast().equals("v1");
    HttpUrl.Builder endpoint = base.newBuilder().encodedPath("/");
    path.forEach(endpoint::addPathSegment);
    return endpoint.addPathSegments(versioned ? "messages" : "v1/messages").build();
  }

  private static Auth auth(String where, String written) {
    return switch (written) {
      case "key" -> Auth.KEY;
      case "bearer" -> Auth.BEARER;
      default -> throw wrong(where, "auth", written, "key or bearer");
    };
  }

  private static Caching caching(String where, String written) {
    return Arrays.stream(Caching.values())
        .filter(caching -> caching.written.equals(written))
        .findFirst()
        .orElseThrow(() -> wrong(where, "cache", written, "off, 5m or 1h"));
  }

  private static Thinking thinking(String where, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // "off" without quotes is false to a YAML 1.1 reader.
      case "off", "false" -> new Thinking.Off();
      case "adaptive" -> new Thinking.Adaptive();
      default -> {
        if (!written.matches("\\d{1,9}") || Integer.parseInt(written) < BUDGET_MIN) {
          throw wrong(
              where,
              "thinking",
              written,
              "off, adaptive, or a number of tokens from " + BUDGET_MIN);
        }
        yield new Thinking.Budget(Integer.parseInt(written));
      }
    };
  }

  private static String effort(String where, String written) {
    if (!EFFORTS.contains(written)) {
      throw wrong(where, "effort", written, String.join(", ", EFFORTS));
    }
    return written;
  }

  private static BigDecimal temperature(String where, String written) {
    if (!written.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?")) {
      throw wrong(where, "temperature", written, "a number from 0 to 1");
    }
    return new BigDecimal(written);
  }

  private static UsageException wrong(String where, String option, String written, String allowed) {
    return new UsageException(
        "%s.%s: %s is not possible; write %s".formatted(where, option, written, allowed));
  }
}
