package dev.agentrunner.adapter.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResetTimeTest {

  /** A Friday; 10:00 in London, 05:00 in New York. */
  private static final Instant NOW = Instant.parse("2026-08-07T09:00:00Z");

  private static final ResetTime LONDON = new ResetTime(ZoneId.of("Europe/London"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1786100000                            | 2026-08-07T10:53:20Z
          1786100000000                         | 2026-08-07T10:53:20Z
          3:45pm                                | 2026-08-07T14:45:00Z
          3pm (Europe/Dublin)                   | 2026-08-07T14:00:00Z
          3pm (UTC)                             | 2026-08-07T15:00:00Z
          8:20pm (Europe/Istanbul)              | 2026-08-07T17:20:00Z
          9am (America/New_York)                | 2026-08-07T13:00:00Z
          9am                                   | 2026-08-08T08:00:00Z
          12am                                  | 2026-08-07T23:00:00Z
          12:30 PM.                             | 2026-08-07T11:30:00Z
          15:45                                 | 2026-08-07T14:45:00Z
          Mon 12:00am                           | 2026-08-09T23:00:00Z
          Fri 9:00am                            | 2026-08-14T08:00:00Z
          Fri 11:00am                           | 2026-08-07T10:00:00Z
          Aug 8th, 2026 12:30 PM                | 2026-08-08T11:30:00Z
          Apr 28th, 2027 10:03 PM               | 2027-04-28T21:03:00Z
          Aug 9 at 1am                          | 2026-08-09T00:00:00Z
          Jan 2 at 1am                          | 2027-01-02T01:00:00Z
          2026-08-09 00:00 UTC                  | 2026-08-09T00:00:00Z
          2026-08-09T02:00:00+02:00             | 2026-08-09T00:00:00Z
          3 days 6 hours 57 minutes             | 2026-08-10T15:57:00Z
          19h14m47s                             | 2026-08-08T04:14:47Z
          38s                                   | 2026-08-07T09:00:38Z
          34.07s                                | 2026-08-07T09:00:34.070Z
          68940s                                | 2026-08-08T04:09:00Z
          250ms                                 | 2026-08-07T09:00:00.250Z
          """)
  void a_time_in_words_is_understood(String text, Instant expected) {
    assertThat(LONDON.in(text, NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "later", "13pm", "0am", "Feb 31 at 1pm", "99999 days", "soon (UTC)"})
  void what_tells_no_time_is_none(String text) {
    assertThat(LONDON.in(text, NOW)).isEmpty();
  }

  @Test
  void a_time_that_was_just_reached_is_not_the_one_of_tomorrow() {
    assertThat(LONDON.in("10am", NOW.plusSeconds(30))).contains(NOW);
    assertThat(LONDON.in("10am", NOW.plus(ResetTime.JUST_NOW)))
        .contains(NOW.plus(Duration.ofDays(1)));
  }

  @Test
  void an_hour_that_the_clocks_skip_is_the_one_after_it() {
    Instant before = Instant.parse("2026-03-29T00:30:00Z");

    assertThat(LONDON.in("1:30am", before)).contains(Instant.parse("2026-03-29T01:30:00Z"));
  }

  @Test
  void of_an_hour_that_the_clocks_repeat_the_first_to_come_is_meant() {
    Instant first = Instant.parse("2026-10-25T00:30:00Z");
    Instant second = Instant.parse("2026-10-25T01:30:00Z");

    assertThat(LONDON.in("1:30am", first.minusSeconds(600))).contains(first);
    assertThat(LONDON.in("1:30am", first.plusSeconds(600))).contains(second);
  }

  /** Around every change of the clocks, and far from them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "UTC"
      })
  void a_clock_time_is_the_next_one_to_come_and_reads_the_same_there(String name) {
    ZoneId zone = ZoneId.of(name);
    var times = new ResetTime(zone);
    var random = new Random(42);
    Instant year = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 5_000; i++) {
      Instant now = year.plusSeconds(random.nextInt(2 * 365 * 86_400));
      LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60));
      int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
      String text =
          "resets %d:%02d%s".formatted(hour, time.getMinute(), time.getHour() < 12 ? "am" : "pm");

      Optional<Instant> found = times.in(text, now);

      String seed = name + " " + now + " " + text;
      assertThat(found).as(seed).isPresent();
      assertThat(found.get())
          .as(seed)
          .isAfter(now.minus(ResetTime.JUST_NOW))
          .isBefore(now.plus(Duration.ofHours(49)));
      ZonedDateTime there = found.get().atZone(zone);
      boolean skipped =
          zone.getRules().getTransition(there.toLocalDate().atTime(time)) != null
              && zone.getRules().getTransition(there.toLocalDate().atTime(time)).isGap();
      if (!skipped) {
        assertThat(there.toLocalTime()).as(seed).isEqualTo(time);
      }
    }
  }
}
