package dev.agentrunner.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryHintsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @ParameterizedTest
  @CsvSource({"0, PT0S", "7, PT7S", "1.5, PT1.5S", "' 3 ', PT3S", "0.0, PT0S", "2., PT2S"})
  void seconds_may_have_a_fraction(String written, Duration delay) {
    assertThat(hints("retry-after", written).delay()).contains(delay);
  }

  @Test
  void a_date_says_how_long_from_now() {
    assertThat(hints("retry-after", "Sat, 21 Nov 2026 10:01:30 GMT").delay())
        .contains(Duration.ofSeconds(90));
  }

  @Test
  void a_date_that_has_passed_means_now() {
    assertThat(hints("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT").delay())
        .contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "", "NaN", "Infinity", "1e9", "0x10", "1,5", "+3"})
  void what_makes_no_sense_counts_as_not_said(String written) {
    assertThat(hints("retry-after", written).delay()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"99999999999999999999", "31536001", "9223372036854775807", "99999999999.5"})
  void an_absurd_delay_is_a_year(String written) {
    assertThat(hints("retry-after", written).delay()).contains(YEAR);
  }

  @Test
  void an_absurd_date_is_a_year_too() {
    assertThat(hints("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT").delay()).contains(YEAR);
  }

  @Test
  void milliseconds_go_first_as_they_are_more_exact() {
    var headers = Headers.of("retry-after", "1", "retry-after-ms", "250");
    assertThat(RetryHints.of(headers, NOW).delay()).contains(Duration.ofMillis(250));
  }

  @Test
  void the_provider_may_say_whether_another_try_helps() {
    assertThat(hints("x-should-retry", "true").worthwhile()).contains(true);
    assertThat(hints("x-should-retry", "false").worthwhile()).contains(false);
    assertThat(hints("x-should-retry", "perhaps").worthwhile()).isEmpty();
  }

  private static RetryHints hints(String name, String value) {
    return RetryHints.of(Headers.of(name, value), NOW);
  }
}
