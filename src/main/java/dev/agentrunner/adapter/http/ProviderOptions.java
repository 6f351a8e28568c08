package dev.agentrunner.adapter.http;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.UsageException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import okhttp3.HttpUrl;

/** What is written under one provider, read with errors that name the place. */
public final class ProviderOptions {

  private final String where;
  private final Optional<String> baseUrl;
  private final Map<String, String> options;

  private ProviderOptions(String where, Optional<String> baseUrl, Map<String, String> options) {
    this.where = where;
    this.baseUrl = baseUrl;
    this.options = options;
  }

  /**
   * @param provider its name, for messages
   * @param known every option there is
   * @throws UsageException if there is another one
   */
  public static ProviderOptions of(ProviderSettings settings, String provider, List<String> known) {
    String where = "providers." + settings.name();
    for (String name : new TreeSet<>(settings.options().keySet())) {
      if (!known.contains(name)) {
        throw new UsageException(
            "%s.%s: %s has no such option; there are %s"
                .formatted(where, name, provider, String.join(", ", known)));
      }
    }
    return new ProviderOptions(where, settings.baseUrl(), settings.options());
  }

  public Optional<String> text(String option) {
    return Optional.ofNullable(options.get(option));
  }

  /**
   * @throws UsageException if the option is none of {@code words}
   */
  public Optional<String> word(String option, List<String> words) {
    Optional<String> written = text(option);
    written
        .filter(word -> !words.contains(word))
        .ifPresent(word -> {
          throw wrong(option, word, listed(words));
        });
    return written;
  }

  private static String listed(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /**
   * A number from 0 to 2, as most providers have it.
   *
   * @throws UsageException if it is none
   */
  public Optional<BigDecimal> temperature() {
    Optional<String> written = text("temperature");
    written
        .filter(number -> !number.matches("[01](\\.\\d{1,9})?|2(\\.0{1,9})?"))
        .ifPresent(number -> {
          throw wrong("temperature", number, "a number from 0 to 2");
        });
    return written.map(BigDecimal::new);
  }

  /**
   * @param allowed what can be written instead
   */
  public UsageException wrong(String option, String written, String allowed) {
    return new UsageException(
        "%s.%s: %s is not possible; write %s".formatted(where, option, written, allowed));
  }

  /**
   * The address without empty path segments, such as a slash at its end leaves.
   *
   * @throws UsageException if it is no plain web address
   */
  public HttpUrl baseUrl(String official) {
    return baseUrl().orElseGet(() -> address(where, official));
  }

  /** The same, where an address is written. */
  public Optional<HttpUrl> baseUrl() {
    return baseUrl.map(written -> address(where + ".base_url", written));
  }

  /**
   * The same for an address that is written elsewhere.
   *
   * @param where it is, for messages
   */
  public static HttpUrl address(String where, String written) {
    HttpUrl base = HttpUrl.parse(written);
    if (base == null) {
      throw new UsageException(where + ": not a web address beginning with https:// or http://");
    }
    if (!base.username().isEmpty() || !base.password().isEmpty()) {
      throw new UsageException(
          where + ": holds a user name or password; name the key with api_key_env instead");
    }
    List<String> path = base.pathSegments().stream().filter(s -> !s.isEmpty()).toList();
    if (path.isEmpty()) {
      return base.newBuilder().encodedPath("/").build();
    }
    HttpUrl.Builder plain = base.newBuilder().encodedPath("/");
    path.forEach(plain::addPathSegment);
    return plain.build();
  }
}
