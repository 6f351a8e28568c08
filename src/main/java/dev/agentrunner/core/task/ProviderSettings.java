package dev.agentrunner.core.task;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry under {@code providers}.
 *
 * @param name the key it stands under, and what tasks refer to
 * @param kind which adapter speaks to it: {@code claude}, {@code replay}, …
 * @param model asked for unless a task or flag names another
 * @param baseUrl without a trailing slash; empty for the provider's own
 * @param key where the secret comes from; empty where none is needed or the provider's usual
 *     variable is meant
 * @param timeouts for one call
 * @param options what only this kind understands, as written, checked against the kind's own list
 * @param lists the same, of those options that are lists
 */
public record ProviderSettings(
    String name,
    String kind,
    Optional<String> model,
    Optional<String> baseUrl,
    Optional<KeySource> key,
    Timeouts timeouts,
    Map<String, String> options,
    Map<String, List<String>> lists) {

  /** The kind of providers that are another agent's command line. */
  public static final String COMMAND = "command";

  public ProviderSettings {
    options = Map.copyOf(options);
    lists = Map.copyOf(lists);
  }

  /** Of a kind without lists. */
  public ProviderSettings(
      String name,
      String kind,
      Optional<String> model,
      Optional<String> baseUrl,
      Optional<KeySource> key,
      Timeouts timeouts,
      Map<String, String> options) {
    this(name, kind, model, baseUrl, key, timeouts, options, Map.of());
  }

  /**
   * Where a secret is found; the secret itself is read as late as possible and never kept here when
   * it can be named.
   */
  public sealed interface KeySource {

    /** An environment variable. */
    record Variable(String name) implements KeySource {}

    /** Written into the file in plain text; allowed, warned about, never shown. */
    record Plain(String secret) implements KeySource {

      @Override
      public String toString() {
        return "Plain[***]";
      }
    }
  }

  /**
   * Bounds on one call. All are positive.
   *
   * @param connect until the connection stands
   * @param silence between two bytes of the reply
   * @param total for the whole call
   */
  public record Timeouts(Duration connect, Duration silence, Duration total) {}
}
