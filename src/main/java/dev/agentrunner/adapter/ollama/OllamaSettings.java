package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.UsageException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import okhttp3.HttpUrl;

/**
 * What can be configured about Ollama, checked.
 *
 * @param base of the server, without {@code /api}
 * @param contextTokensMax a conversation is given so much room, or as much as the model can take
 * @param think as the API has it; empty for the model's own default
 * @param keepAlive as the API has it: how long the model stays loaded; empty for the server's own
 * @param temperature empty for the model's own default
 */
record OllamaSettings(
    HttpUrl base,
    int contextTokensMax,
    Optional<JsonNode> think,
    Optional<JsonNode> keepAlive,
    Optional<BigDecimal> temperature) {

  private static final String LOCAL = "http://127.0.0.1:11434";
  private static final int LOCAL_PORT = 11434;
  private static final List<String> OPTIONS =
      List.of("keep_alive", "num_ctx", "temperature", "thinking");
  private static final int CONTEXT_MIN = 2048;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * @param environment looks up a variable; empty if it is not set
   * @throws UsageException if an option is unknown or has a value that it cannot have
   */
  static OllamaSettings from(
      ProviderSettings settings, Function<String, Optional<String>> environment) {
    String where = "providers." + settings.name();
    Map<String, String> options = settings.options();
    for (String name : new TreeSet<>(options.keySet())) {
      if (!OPTIONS.contains(name)) {
        throw new UsageException(
            "%s.%s: Ollama has no such option; there are %s"
                .formatted(where, name, String.join(", ", OPTIONS)));
      }
    }
    return new OllamaSettings(
        settings
            .baseUrl()
            .map(written -> base(where + ".base_url", written))
            .orElseGet(() -> ofHost(environment)),
        context(where, options.getOrDefault("num_ctx", "65536")),
        Optional.ofNullable(options.get("thinking")).map(written -> think(where, written)),
        Optional.ofNullable(options.get("keep_alive")).map(written -> keepAlive(where, written)),
        Optional.ofNullable(options.get("temperature"))
            .map(written -> temperature(where, written)));
  }

  /** Whether this is Ollama's own service, where nothing goes without a key. */
  boolean cloud() {
    return base.host().equals("ollama.com") || base.host().endsWith(".ollama.com");
  }

  HttpUrl endpoint(String name) {
    return base.newBuilder().addPathSegment("api").addPathSegment(name).build();
  }

  /** The server's own variable, which tells it where to listen, and clients where it does. */
  private static HttpUrl ofHost(Function<String, Optional<String>> environment) {
    String host = environment.apply("OLLAMA_HOST").orElse("").strip();
    if (host.isEmpty()) {
      return base("OLLAMA_HOST", LOCAL);
    }
    String address = host;
    if (!host.contains("://")) {
      String named = host.startsWith(":") ? "127.0.0.1" + host : host;
      String authority = named.replaceFirst("/.*", "");
      boolean port = authority.matches(".*[^:]:\\d+") || authority.matches("\\[.*]:\\d+");
      String path = named.substring(authority.length());
      address = "http://" + authority + (port ? "" : ":" + LOCAL_PORT) + path;
    }
    HttpUrl url = base("OLLAMA_HOST", address);
    // Where a server listens on every address, the own machine is one of them.
    return switch (url.host()) {
      case "0.0.0.0" -> url.newBuilder().host("127.0.0.1").build();
      case "::" -> url.newBuilder().host("::1").build();
      default -> url;
    };
  }

  private static HttpUrl base(String where, String written) {
    HttpUrl base = HttpUrl.parse(written);
    if (base == null) {
      throw new UsageException(where + ": not a web address beginning with https:// or http://");
    }
    if (!base.username().isEmpty() || !base.password().isEmpty()) {
      throw new UsageException(
          where + ": holds a user name or password; name the key with api_key_env instead");
    }
    // Other clients want the address with /v1 or /api, so it is often copied that way.
    List<String> path = base.pathSegments().stream().filter(s -> !s.isEmpty()).toList();
    boolean below = !path.isEmpty() && List.of("v1", "api").contains(path.getLast());
    HttpUrl.Builder cleaned = base.newBuilder().encodedPath("/").query(null);
    (below ? path.subList(0, path.size() - 1) : path).forEach(cleaned::addPathSegment);
    return cleaned.build();
  }

  private static int context(String where, String written) {
    if (!written.matches("\\d{1,8}") || Integer.parseInt(written) < CONTEXT_MIN) {
      throw wrong(where, "num_ctx", written, "a number of tokens from " + CONTEXT_MIN);
    }
    return Integer.parseInt(written);
  }

  private static JsonNode think(String where, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // Without quotes, "on" and "off" are true and false to a YAML 1.1 reader.
      case "on", "true" -> NODES.booleanNode(true);
      case "off", "false" -> NODES.booleanNode(false);
      case "low", "medium", "high", "max" -> NODES.textNode(written.toLowerCase(Locale.ROOT));
      default -> throw wrong(where, "thinking", written, "on, off, low, medium, high or max");
    };
  }

  private static JsonNode keepAlive(String where, String written) {
    if (written.matches("-?\\d{1,9}")) {
      return NODES.numberNode(Long.parseLong(written));
    }
    if (!written.matches("-?(\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h))+")) {
      throw wrong(where, "keep_alive", written, "a time such as 30m, or a number of seconds");
    }
    return NODES.textNode(written);
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
