package dev.agentrunner.adapter.http;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.port.UsageException;
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
    HttpUrl base = HttpUrl.parse(baseUrl.orElse(official));
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
    if (path.isEmpty()) {
      return base.newBuilder().encodedPath("/").build();
    }
    HttpUrl.Builder plain = base.newBuilder().encodedPath("/");
    path.forEach(plain::addPathSegment);
    return plain.build();
  }
}
