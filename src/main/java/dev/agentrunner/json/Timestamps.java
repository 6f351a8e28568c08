package dev.agentrunner.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Instants as text. Those of the envelope always have milliseconds, {@code
 * 2026-11-21T10:15:30.123Z}, and are read by hand: {@link Instant#parse} alone would take longer
 * than everything else about a line.
 */
public final class Timestamps {

  private static final int LENGTH = "2026-11-21T10:15:30.123Z".length();
  private static final int LENGTH_MAX = "2026-11-21T10:15:30.123456789Z".length();

  private Timestamps() {}

  /**
   * {@code at}, which has whole milliseconds.
   *
   * @throws IllegalArgumentException if it is finer: it would not come back as it was
   */
  static String millis(Instant at) {
    if (at.getNano() % 1_000_000 != 0) {
      throw new IllegalArgumentException("finer than a millisecond: " + at);
    }
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      return at.toString();
    }
    char[] text = new char[LENGTH];
    digits(text, 0, 4, utc.getYear());
    text[4] = '-';
    digits(text, 5, 2, utc.getMonthValue());
    text[7] = '-';
    digits(text, 8, 2, utc.getDayOfMonth());
    text[10] = 'T';
    digits(text, 11, 2, utc.getHour());
    text[13] = ':';
    digits(text, 14, 2, utc.getMinute());
    text[16] = ':';
    digits(text, 17, 2, utc.getSecond());
    text[19] = '.';
    digits(text, 20, 3, utc.getNano() / 1_000_000);
    text[23] = 'Z';
    return new String(text);
  }

  /**
   * Reads what {@link #millis} or {@link Instant#toString} wrote.
   *
   * @throws DateTimeException if it is something else
   */
  public static Instant parse(String text) {
    int end = text.length() - 1;
    // Three digits of a fraction, six or nine: as many as Instant.toString writes.
    if (end < LENGTH - 1
        || end > LENGTH_MAX - 1
        || end % 3 != (LENGTH - 1) % 3
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(19) != '.'
        || text.charAt(end) != 'Z') {
      return Instant.parse(text);
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)).toEpochDay();
    int hour = atMost(23, number(text, 11, 2));
    int minute = atMost(59, number(text, 14, 2));
    int second = atMost(59, number(text, 17, 2));
    int nanos = number(text, 20, end - 20);
    for (int digits = end - 20; digits < 9; digits++) {
      nanos *= 10;
    }
    return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
  }

  private static void digits(char[] text, int from, int count, int number) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static int number(String text, int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        throw new DateTimeException("not an instant: " + text);
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  private static int atMost(int max, int number) {
    if (number > max) {
      throw new DateTimeException("out of range: " + number);
    }
    return number;
  }
}
