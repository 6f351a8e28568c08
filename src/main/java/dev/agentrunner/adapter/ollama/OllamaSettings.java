package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.ProviderOptions;
import dev.agentrunner.core.task.ProviderSettings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
   * @throws dev.agentrunner.port.UsageException if an option is unknown or has a value that it
   *     cannot have
   */
  static OllamaSettings from(
      ProviderSettings settings, Function<String, Optional<String>> environment) {
    ProviderOptions options = ProviderOptions.of(settings, "Ollama", OPTIONS);
    return new OllamaSettings(
        options.baseUrl().map(OllamaSettings::bare).orElseGet(() -> ofHost(environment)),
        context(options, options.text("num_ctx").orElse("65536")),
        options.text("thinking").map(written -> think(options, written)),
        options.text("keep_alive").map(written -> keepAlive(options, written)),
        options.temperature());
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
      return ProviderOptions.address("OLLAMA_HOST", LOCAL);
    }
    String address = host;
    if (!host.contains("://")) {
      String named = host.startsWith(":") ? "127.0.0.1" + host : host;
      String authority = named.replaceFirst("/.*", "");
      boolean port = authority.matches(".*[^:]:\\d+") || authority.matches("\\[.*]:\\d+");
      String path = named.substring(authority.length());
      address = "http://" + authority + (port ? "" : ":" + LOCAL_PORT) + path;
    }
    HttpUrl url = bare(ProviderOptions.address("OLLAMA_HOST", address));
    // Where a server listens on every address, the own machine is one of them.
    return switch (url.host()) {
      case "0.0.0.0" -> url.newBuilder().host("127.0.0.1").build();
      case "::" -> url.newBuilder().host("::1").build();
      default -> url;
    };
  }

  /** Other clients want the address with /v1 or /api, so it is often copied that way. */
  private static HttpUrl bare(HttpUrl base) {
    HttpUrl.Builder bare = base.newBuilder().query(null);
    int last = base.pathSize() - 1;
    return List.of("v1", "api").contains(base.pathSegments().get(last))
        ? bare.removePathSegment(last).build()
        : bare.build();
  }

  private static int context(ProviderOptions options, String written) {
    if (!written.matches("\\d{1,8}") || Integer.parseInt(written) < CONTEXT_MIN) {
      throw options.wrong("num_ctx", written, "a number of tokens from " + CONTEXT_MIN);
    }
    return Integer.parseInt(written);
  }

  private static JsonNode think(ProviderOptions options, String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      // Without quotes, "on" and "off" are true and false to a YAML 1.1 reader.
      case "on", "true" -> NODES.booleanNode(true);
      case "off", "false" -> NODES.booleanNode(false);
      case "low", "medium", "high", "max" -> NODES.textNode(written.toLowerCase(Locale.ROOT));
      default -> throw options.wrong("thinking", written, "on, off, low, medium, high or max");
    };
  }

  private static JsonNode keepAlive(ProviderOptions options, String written) {
    if (written.matches("-?\\d{1,9}")) {
      return NODES.numberNode(Long.parseLong(written));
    }
    if (!written.matches("-?(\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h))+")) {
      throw options.wrong("keep_alive", written, "a time such as 30m, or a number of seconds");
    }
    return NODES.textNode(written);
  }
}
