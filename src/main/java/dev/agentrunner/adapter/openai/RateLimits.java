package dev.agentrunner.adapter.openai;

import dev.agentrunner.core.limit.QuotaReading;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes until what is used up is there again, by the headers {@code
 * x-ratelimit-remaining-…} and {@code x-ratelimit-reset-…} that come in pairs, or by the words of
 * an error. The durations are written like {@code 1h2m3s}, {@code 59.8s} or {@code 12ms}.
 */
final class RateLimits {

  private static final String REMAINING = "x-ratelimit-remaining-";
  private static final String LIMIT = "x-ratelimit-limit-";
  private static final String RESET = "x-ratelimit-reset-";

  private static final Pattern STEP =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h|d)");
  private static final Pattern DURATION = Pattern.compile("(?:" + STEP.pattern() + ")+");
  private static final Pattern TRY_AGAIN =
      Pattern.compile("try again in (" + DURATION.pattern() + ")");
  private static final Pattern REQUESTED =
      Pattern.compile("limit:? (\\d{1,12})\\b.*requested:? (\\d{1,12})\\b", Pattern.DOTALL);

  private RateLimits() {}

  /** The longest wait among the buckets that are empty; empty if none is or none says. */
  static Optional<Duration> wait(Headers headers) {
    return headers.names().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith(REMAINING) && "0".equals(headers.get(name)))
        .map(name -> headers.get(RESET + name.substring(REMAINING.length())))
        .flatMap(written -> duration(written == null ? "" : written).stream())
        .max(Comparator.naturalOrder());
  }

  /** What is left of every bucket that tells what is left and when it is full again. */
  static List<QuotaReading> readings(Headers headers, Instant now) {
    List<QuotaReading> readings = new ArrayList<>();
    for (String name : headers.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(REMAINING)) {
        String bucket = lower.substring(REMAINING.length());
        Optional<Long> left = count(headers.get(name));
        Optional<Duration> reset =
            duration(Objects.requireNonNullElse(headers.get(RESET + bucket), ""));
        if (left.isPresent() && reset.isPresent()) {
          readings.add(
              new QuotaReading(
                  bucket,
                  QuotaReading.measureOf(bucket),
                  count(headers.get(LIMIT + bucket)).orElse(0L),
                  left.get(),
                  now.plus(reset.get())));
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

  /** As in "Please try again in 1.14s." */
  static Optional<Duration> wait(String message) {
    Matcher found = TRY_AGAIN.matcher(message.toLowerCase(Locale.ROOT));
    return found.find() ? duration(found.group(1)) : Optional.empty();
  }

  /** As in "Limit 30000, Requested 80715": such a request never fits, however long one waits. */
  static boolean neverFits(String message) {
    Matcher found = REQUESTED.matcher(message.toLowerCase(Locale.ROOT));
    return found.find() && Long.parseLong(found.group(2)) > Long.parseLong(found.group(1));
  }

  static Optional<Duration> duration(String written) {
    if (!DURATION.matcher(written).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    for (Matcher step = STEP.matcher(written); step.find(); ) {
      BigDecimal nanos = new BigDecimal(step.group(1)).multiply(unitNanos(step.group(2)));
      sum = sum.plusNanos(nanos.longValue());
    }
    return Optional.of(sum);
  }

  private static BigDecimal unitNanos(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 86_400_000_000_000L;
        });
  }
}
