package dev.agentrunner.adapter.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's headers say about trying again: {@code retry-after-ms}, {@code retry-after}
 * (RFC 9110 §10.2.3, and seconds with a fraction) and {@code x-should-retry}. What makes no sense
 * counts as not said.
 *
 * @param delay not negative, and a year at most; zero for a date that has passed
 * @param worthwhile whether the provider thinks that another try can help
 */
public record RetryHints(Optional<Duration> delay, Optional<Boolean> worthwhile) {

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,1000}(\\.\\d{0,1000})?");

  public static RetryHints of(Headers headers, Instant now) {
    return new RetryHints(
        number(headers.get("retry-after-ms"), 1)
            .or(() -> number(headers.get("retry-after"), 1000))
            .or(() ->
                Optional.ofNullable(headers.getInstant("retry-after")).map(d -> from(now, d))),
        switch (headers.get("x-should-retry")) {
          case "true" -> Optional.of(true);
          case "false" -> Optional.of(false);
          case null, default -> Optional.empty();
        });
  }

  private static Optional<Duration> number(@Nullable String written, long unitMillis) {
    if (written == null || !DECIMAL.matcher(written.strip()).matches()) {
      return Optional.empty();
    }
    BigDecimal millis = new BigDecimal(written.strip()).multiply(BigDecimal.valueOf(unitMillis));
    return Optional.of(
        Duration.ofMillis(millis.min(BigDecimal.valueOf(LONGEST.toMillis())).longValue()));
  }

  /** How long it is until {@code due}, within the bounds of a hint. */
  public static Duration from(Instant now, Instant due) {
    if (!due.isAfter(now)) {
      return Duration.ZERO;
    }
    return due.isAfter(now.plus(LONGEST)) ? LONGEST : Duration.between(now, due);
  }
}
