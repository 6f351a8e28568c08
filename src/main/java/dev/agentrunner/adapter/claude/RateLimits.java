package dev.agentrunner.adapter.claude;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * When the buckets that are used up are full again, by the headers {@code anthropic-…-remaining}
 * and {@code anthropic-…-reset} that come in pairs.
 *
 * @param resetsAt when the last of them is; empty if none is used up or none says when
 */
record RateLimits(Optional<Instant> resetsAt) {

  private static final String REMAINING = "-remaining";

  static RateLimits of(Headers headers) {
    return new RateLimits(
        headers.names().stream()
            .map(name -> name.toLowerCase(java.util.Locale.ROOT))
            .filter(name -> name.startsWith("anthropic-") && name.endsWith(REMAINING))
            .filter(name -> "0".equals(headers.get(name)))
            .map(name -> name.substring(0, name.length() - REMAINING.length()) + "-reset")
            .map(reset -> time(headers.get(reset)))
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder()));
  }

  private static Optional<Instant> time(@Nullable String written) {
    if (written == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          written.matches("\\d{1,12}")
              ? Instant.ofEpochSecond(Long.parseLong(written))
              : OffsetDateTime.parse(written).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
