package dev.agentrunner.adapter.command;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a quota is back, out of the words that people are told:
 *
 * <pre>
 * 1749924000                            seconds since 1970; thirteen digits are milliseconds
 * 2026-08-09 00:00 UTC                  a date and a time
 * Aug 8th, 2026 12:30 PM
 * Mon 12:00am                           the next such day
 * 3:45pm, 3pm (Europe/Dublin), 15:45    the next such time, today or tomorrow
 * in 3 days 6 hours 57 minutes, 19h14m47s, 34.07s
 * </pre>
 *
 * Times are in the zone named, otherwise in that of the machine. An hour that the clocks skip is
 * the one after it; of an hour they repeat, the first that is still to come is meant.
 *
 * @param zone of the machine
 */
record ResetTime(ZoneId zone) {

  /** A time that was just reached is that one, not the same time tomorrow. */
  static final Duration JUST_NOW = Duration.ofMinutes(2);

  private static final Duration LONGEST = Duration.ofDays(400);

  private static final Pattern UNIX = Pattern.compile("\\b(\\d{10}|\\d{13})\\b");
  private static final Pattern ISO =
      Pattern.compile(
          "\\b(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(?::\\d{2})?)(?:\\.\\d+)?\\s?(Z|UTC|[+-]\\d{2}:\\d{2})?");
  private static final String CLOCK = "(\\d{1,2})(?::(\\d{2}))?\\s?([ap]\\.?m\\b\\.?)";
  private static final Pattern DATED =
      Pattern.compile(
          "(?i)\\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (?:(\\d{4}),? )?(?:at )?"
              + CLOCK);
  private static final Pattern WEEKDAY =
      Pattern.compile("(?i)\\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?:at )?" + CLOCK);
  private static final Pattern TIME = Pattern.compile("(?i)\\b" + CLOCK);
  private static final Pattern TIME_24 = Pattern.compile("\\b([01]?\\d|2[0-3]):([0-5]\\d)\\b");
  private static final Pattern SPAN =
      Pattern.compile(
          "(?i)(?<![\\w.])(\\d{1,9}(?:\\.\\d{1,9})?)\\s?(d|h|m|s|ms|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|milliseconds?)(?![a-z])");
  private static final Pattern NAMED_ZONE =
      Pattern.compile("\\(([A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*)\\)|\\b(UTC|GMT)\\b");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  /** Empty where {@code text} tells no time, or one that cannot be meant. */
  Optional<Instant> in(String text, Instant now) {
    try {
      return unix(text)
          .or(() -> iso(text))
          .or(() -> dated(text, now))
          .or(() -> weekday(text, now))
          .or(() -> clock(text, now))
          .or(() -> span(text, now))
          .filter(time -> Duration.between(now, time).compareTo(LONGEST) < 0);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> unix(String text) {
    Matcher found = UNIX.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    long number = Long.parseLong(found.group(1));
    return Optional.of(
        found.group(1).length() == 10
            ? Instant.ofEpochSecond(number)
            : Instant.ofEpochMilli(number));
  }

  private Optional<Instant> iso(String text) {
    Matcher found = ISO.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    LocalDateTime local =
        LocalDateTime.of(LocalDate.parse(found.group(1)), LocalTime.parse(found.group(2)));
    String offset = found.group(3);
    ZoneId there =
        offset == null ? zoneOf(text) : offset.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(offset);
    return Optional.of(local.atZone(there).toInstant());
  }

  private Optional<Instant> dated(String text, Instant now) {
    Matcher found = DATED.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    ZoneId there = zoneOf(text);
    int month = MONTHS.indexOf(found.group(1).toLowerCase(Locale.ROOT)) + 1;
    int day = Integer.parseInt(found.group(2));
    LocalTime time = time(found, 4);
    if (found.group(3) != null) {
      LocalDate date = LocalDate.of(Integer.parseInt(found.group(3)), month, day);
      return Optional.of(ZonedDateTime.of(date, time, there).toInstant());
    }
    LocalDate today = now.atZone(there).toLocalDate();
    return next(
        now,
        time,
        there,
        List.of(
            today.withMonth(month).withDayOfMonth(day),
            today.plusYears(1).withMonth(month).withDayOfMonth(day)));
  }

  private Optional<Instant> weekday(String text, Instant now) {
    Matcher found = WEEKDAY.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    ZoneId there = zoneOf(text);
    DayOfWeek day = dayOfWeek(found.group(1));
    LocalDate first =
        now.minus(JUST_NOW).atZone(there).toLocalDate().with(TemporalAdjusters.nextOrSame(day));
    return next(now, time(found, 2), there, List.of(first, first.plusDays(7)));
  }

  private static DayOfWeek dayOfWeek(String start) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().regionMatches(true, 0, start, 0, 3)) {
        return day;
      }
    }
    throw new DateTimeException("no such day: " + start);
  }

  private Optional<Instant> clock(String text, Instant now) {
    ZoneId there = zoneOf(text);
    LocalDate first = now.minus(JUST_NOW).atZone(there).toLocalDate();
    List<LocalDate> days = List.of(first, first.plusDays(1), first.plusDays(2));
    Matcher found = TIME.matcher(text);
    if (found.find()) {
      return next(now, time(found, 1), there, days);
    }
    Matcher plain = TIME_24.matcher(text);
    return plain.find()
        ? next(
            now,
            LocalTime.of(Integer.parseInt(plain.group(1)), Integer.parseInt(plain.group(2))),
            there,
            days)
        : Optional.empty();
  }

  /** The first of those days at which that time is still to come, or was just reached. */
  private static Optional<Instant> next(
      Instant now, LocalTime time, ZoneId there, List<LocalDate> days) {
    Instant least = now.minus(JUST_NOW);
    return days.stream()
        .map(day -> ZonedDateTime.of(day, time, there))
        .flatMap(at ->
            List.of(
                at.withEarlierOffsetAtOverlap().toInstant(),
                at.withLaterOffsetAtOverlap().toInstant())
                .stream())
        .filter(at -> at.isAfter(least))
        .findFirst();
  }

  private static LocalTime time(Matcher found, int group) {
    int hour = Integer.parseInt(found.group(group));
    String minute = found.group(group + 1);
    boolean afternoon = found.group(group + 2).toLowerCase(Locale.ROOT).startsWith("p");
    if (hour < 1 || hour > 12) {
      throw new DateTimeException("no such hour: " + hour);
    }
    return LocalTime.of(
        hour % 12 + (afternoon ? 12 : 0), minute == null ? 0 : Integer.parseInt(minute));
  }

  private static Optional<Instant> span(String text, Instant now) {
    Matcher found = SPAN.matcher(text.replaceAll("(?i)(\\d[dhm])(?=\\d)", "$1 "));
    Duration sum = Duration.ZERO;
    while (found.find()) {
      BigDecimal count = new BigDecimal(found.group(1));
      BigDecimal millis = count.multiply(BigDecimal.valueOf(millis(found.group(2))));
      sum = sum.plusMillis(millis.longValue());
    }
    return sum.isZero() ? Optional.empty() : Optional.of(now.plus(sum));
  }

  private static long millis(String unit) {
    String lower = unit.toLowerCase(Locale.ROOT);
    if (lower.equals("ms") || lower.startsWith("milli")) {
      return 1;
    }
    return switch (lower.charAt(0)) {
      case 'd' -> 86_400_000;
      case 'h' -> 3_600_000;
      case 'm' -> 60_000;
      default -> 1_000;
    };
  }

  private ZoneId zoneOf(String text) {
    Matcher found = NAMED_ZONE.matcher(text);
    while (found.find()) {
      String name = found.group(1) == null ? found.group(2) : found.group(1);
      try {
        return ZoneId.of(name, ZoneId.SHORT_IDS);
      } catch (DateTimeException e) {
        // A remark in brackets, not a zone.
      }
    }
    return zone;
  }
}
