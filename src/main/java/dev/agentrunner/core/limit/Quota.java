package dev.agentrunner.core.limit;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;

/**
 * So much may be spent in such a time.
 *
 * @param measure what is counted
 * @param max so much of it; positive
 * @param span how long a window is; positive
 * @param start when a window begins
 * @param models whose calls count; empty for all of the provider's
 */
public record Quota(
    Measure measure, long max, Duration span, Start start, Optional<ModelPattern> models) {

  /** One that every call of the provider counts for. */
  public Quota(Measure measure, long max, Duration span, Start start) {
    this(measure, max, span, start, Optional.empty());
  }

  /** What a quota counts. */
  public enum Measure {
    REQUESTS,
    TOKENS
  }

  /** When the windows of a quota begin. */
  public enum Start {
    /** At every instant: what was spent counts until it is {@code span} ago. */
    ROLLING,
    /** With the minute, hour, day or week of the calendar, in UTC; a week begins on Monday. */
    ALIGNED,
    /** With the first call after the window before has ended, as subscriptions have it. */
    FIRST_CALL
  }

  public Quota {
    if (max < 1 || !span.isPositive()) {
      throw new IllegalArgumentException("a quota allows something in some time");
    }
  }

  /** As people say it, such as {@code 100000 tokens per hour}. */
  public String shown() {
    return max
        + " "
        + measure.name().toLowerCase(Locale.ROOT)
        + " per "
        + spanShown()
        + models.map(pattern -> " of " + pattern.text()).orElse("");
  }

  private String spanShown() {
    if (span.equals(Duration.ofDays(7))) {
      return "week";
    }
    for (ChronoUnit unit :
        new ChronoUnit[] {ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES}) {
      long count = span.dividedBy(unit.getDuration());
      if (count > 0 && unit.getDuration().multipliedBy(count).equals(span)) {
        String name = unit.name().toLowerCase(Locale.ROOT);
        return count == 1 ? name.substring(0, name.length() - 1) : count + " " + name;
      }
    }
    return span.toSeconds() + " seconds";
  }

  /** Whether a call of {@code model} counts. */
  public boolean counts(String model) {
    return models.map(pattern -> pattern.matches(model)).orElse(true);
  }

  /** The beginning of the calendar's window that {@code now} is in; for aligned quotas only. */
  Instant alignedStart(Instant now) {
    ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
    if (span.equals(Duration.ofDays(7))) {
      return utc.truncatedTo(ChronoUnit.DAYS)
          .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
          .toInstant();
    }
    long millis = span.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), millis) * millis);
  }
}
