package dev.agentrunner.core.limit;

import static dev.agentrunner.core.limit.Quota.Measure.REQUESTS;
import static dev.agentrunner.core.limit.Quota.Measure.TOKENS;
import static dev.agentrunner.core.limit.Quota.Start.ALIGNED;
import static dev.agentrunner.core.limit.Quota.Start.FIRST_CALL;
import static dev.agentrunner.core.limit.Quota.Start.ROLLING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.limit.Admission.Granted;
import dev.agentrunner.core.limit.Admission.Held;
import dev.agentrunner.core.limit.Quota.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTest {

  private static final Instant NOW = Instant.parse("2026-03-02T10:15:00Z");
  private static final Granted GO = new Granted();

  private static Quota hour(Start start) {
    return new Quota(TOKENS, 100_000, Duration.ofHours(1), start);
  }

  private static Quota week(Start start) {
    return new Quota(TOKENS, 1_000_000, Duration.ofDays(7), start);
  }

  private static Spent at(String time, long tokens) {
    return new Spent(Instant.parse(time), tokens);
  }

  private static Admission ask(List<Quota> quotas, Instant now, long tokens, Spent... history) {
    return Admission.of(quotas, List.of(history), new Spent(now, tokens), 0, now);
  }

  private static Held until(Quota quota, String time) {
    return new Held(quota, Instant.parse(time));
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void nothing_spent_lets_everything_through(Start start) {
    assertThat(ask(List.of(hour(start), week(start)), NOW, 5_000)).isEqualTo(GO);
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void the_last_token_of_a_quota_can_be_spent(Start start) {
    assertThat(ask(List.of(hour(start)), NOW, 5_000, at("2026-03-02T10:01:00Z", 95_000)))
        .isEqualTo(GO);
  }

  @Test
  void one_token_too_many_waits_for_the_window_to_move_on() {
    Spent spent = at("2026-03-02T10:01:00Z", 95_001);

    assertThat(ask(List.of(hour(ROLLING)), NOW, 5_000, spent))
        .isEqualTo(until(hour(ROLLING), "2026-03-02T11:01:00Z"));
    assertThat(ask(List.of(hour(ALIGNED)), NOW, 5_000, spent))
        .isEqualTo(until(hour(ALIGNED), "2026-03-02T11:00:00Z"));
    assertThat(ask(List.of(hour(FIRST_CALL)), NOW, 5_000, spent))
        .isEqualTo(until(hour(FIRST_CALL), "2026-03-02T11:01:00Z"));
  }

  @Test
  void of_two_that_are_used_up_the_later_reset_counts() {
    Instant wednesday = Instant.parse("2026-03-04T10:15:00Z");

    assertThat(
            ask(
                List.of(hour(ALIGNED), week(ALIGNED)),
                wednesday,
                5_000,
                at("2026-03-04T10:01:00Z", 100_000),
                at("2026-03-02T00:01:00Z", 950_000)))
        .isEqualTo(until(week(ALIGNED), "2026-03-09T00:00:00Z"));
  }

  @Test
  void a_window_ends_with_its_last_second() {
    Instant boundary = Instant.parse("2026-03-02T11:00:00Z");
    Spent spent = at("2026-03-02T10:59:59Z", 100_000);

    assertThat(ask(List.of(hour(ALIGNED)), boundary, 5_000, spent)).isEqualTo(GO);
    assertThat(ask(List.of(hour(ROLLING)), boundary, 5_000, spent))
        .isEqualTo(until(hour(ROLLING), "2026-03-02T11:59:59Z"));
    assertThat(ask(List.of(hour(ROLLING)), Instant.parse("2026-03-02T11:59:59Z"), 5_000, spent))
        .isEqualTo(GO);
  }

  @Test
  void requests_are_counted_one_by_one() {
    Quota minute = new Quota(REQUESTS, 2, Duration.ofMinutes(1), ROLLING);

    assertThat(
            ask(
                List.of(minute),
                NOW,
                9_999_999,
                at("2026-03-02T10:14:20Z", 1),
                at("2026-03-02T10:14:40Z", 1)))
        .isEqualTo(until(minute, "2026-03-02T10:15:20Z"));
  }

  @Test
  void the_next_window_of_a_subscription_begins_with_the_next_call() {
    Quota five = new Quota(TOKENS, 100, Duration.ofHours(5), FIRST_CALL);
    Spent first = at("2026-03-02T01:00:00Z", 100);
    Spent second = at("2026-03-02T07:30:00Z", 60);

    assertThat(ask(List.of(five), NOW, 40, first, second)).isEqualTo(GO);
    assertThat(ask(List.of(five), NOW, 41, first, second))
        .isEqualTo(until(five, "2026-03-02T12:30:00Z"));
  }

  @Test
  void a_share_is_kept_for_people() {
    Spent spent = at("2026-03-02T10:01:00Z", 75_000);

    assertThat(
            Admission.of(List.of(hour(ROLLING)), List.of(spent), new Spent(NOW, 5_000), 0.2, NOW))
        .isEqualTo(GO);
    assertThat(
            Admission.of(List.of(hour(ROLLING)), List.of(spent), new Spent(NOW, 5_001), 0.2, NOW))
        .isInstanceOf(Held.class);
  }

  @Test
  void a_call_larger_than_the_quota_is_made_once_nothing_else_counts() {
    assertThat(ask(List.of(hour(ROLLING)), NOW, 200_000)).isEqualTo(GO);
    assertThat(ask(List.of(hour(ROLLING)), NOW, 200_000, at("2026-03-02T10:01:00Z", 1)))
        .isEqualTo(until(hour(ROLLING), "2026-03-02T11:01:00Z"));
  }

  @Test
  void calls_of_the_future_count_too_for_a_clock_may_have_been_set_back() {
    assertThat(ask(List.of(hour(ROLLING)), NOW, 5_000, at("2026-03-02T12:00:00Z", 100_000)))
        .isEqualTo(until(hour(ROLLING), "2026-03-02T13:00:00Z"));
    assertThat(ask(List.of(hour(FIRST_CALL)), NOW, 5_000, at("2026-03-02T12:00:00Z", 100_000)))
        .isInstanceOf(Held.class);
  }

  @Test
  void windows_do_not_care_for_daylight_saving_time() {
    assertThat(ask(List.of(hour(ALIGNED)), Instant.parse("2026-03-29T00:30:00Z"), 5_000))
        .isEqualTo(GO);
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void whoever_waits_as_told_gets_through_and_nobody_gets_through_a_full_window(Start start) {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      Quota quota = new Quota(TOKENS, 100, Duration.ofMinutes(60), start);
      List<Spent> history = new ArrayList<>();
      Instant now = NOW;
      for (int call = 0; call < 20; call++) {
        long tokens = random.nextLong(1, 60);
        while (Admission.of(List.of(quota), history, new Spent(now, tokens), 0, now)
            instanceof Held held) {
          assertThat(held.until()).isAfter(now);
          now = held.until();
        }
        history.add(new Spent(now, tokens));
        Collections.shuffle(history, random);
        assertThat(QuotaWindow.of(quota, history, now).used()).isLessThanOrEqualTo(100);
        now = now.plusSeconds(random.nextLong(0, 1_000));
      }
    }
  }

  @Test
  void quotas_read_as_people_say_them() {
    assertThat(hour(ROLLING).shown()).isEqualTo("100000 tokens per hour");
    assertThat(week(ROLLING).shown()).isEqualTo("1000000 tokens per week");
    assertThat(new Quota(REQUESTS, 1, Duration.ofHours(5), ROLLING).shown())
        .isEqualTo("1 requests per 5 hours");
  }
}
