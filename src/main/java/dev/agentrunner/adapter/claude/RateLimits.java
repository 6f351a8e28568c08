package dev.agentrunner.adapter.claude;

import dev.agentrunner.core.limit.QuotaReading;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

  private static final String PREFIX = "anthropic-ratelimit-";
  private static final String REMAINING = "-remaining";

  static RateLimits of(Headers headers) {
    return new RateLimits(
        headers.names().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> name.startsWith("anthropic-") && name.endsWith(REMAINING))
            .filter(name -> "0".equals(headers.get(name)))
            .map(name -> name.substring(0, name.length() - REMAINING.length()) + "-reset")
            .map(reset -> time(headers.get(reset)))
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder()));
  }

  /** What is left of every bucket that tells its limit, what is left and when it is full again. */
  static List<QuotaReading> readings(Headers headers) {
    List<QuotaReading> readings = new ArrayList<>();
    for (String name : headers.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(PREFIX) && lower.endsWith(REMAINING)) {
        String bucket = lower.substring(0, lower.length() - REMAINING.length());
        Optional<Long> left = count(headers.get(name));
        Optional<Instant> reset = time(headers.get(bucket + "-reset"));
        if (left.isPresent() && reset.isPresent()) {
          String kind = bucket.substring(PREFIX.length());
          readings.add(
              new QuotaReading(
                  kind,
                  QuotaReading.measureOf(kind),
                  count(headers.get(bucket + "-limit")).orElse(0L),
                  left.get(),
                  reset.get()));
        }
      }
    }
    return readings;
  }

  private static Optional<Long> count(@Nullable String written) {
    return Optional.ofNullable(written)
        .filter(text -> text.matches("\\d{1,15}"))
        .map(Long::parseLong);
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
