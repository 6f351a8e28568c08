package dev.agentrunner.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40, 1_000_000})
  void waits_grow_to_a_minute_and_no_further(int failures) {
    long full = Math.min(60_000, 1_000L << Math.min(failures - 1, 16));

    for (long seed = 0; seed < 50; seed++) {
      assertThat(Backoff.after(failures, Optional.empty(), seed).toMillis())
          .isBetween(full - full / 4, full);
    }
  }

  @Test
  void what_the_server_asks_for_is_a_floor() {
    Duration asked = Duration.ofSeconds(30);

    for (long seed = 0; seed < 50; seed++) {
      assertThat(Backoff.after(1, Optional.of(asked), seed))
          .isBetween(asked, asked.plusMillis(250));
    }
  }

  @Test
  void a_tiny_hint_does_not_burn_all_tries_at_once() {
    assertThat(Backoff.after(5, Optional.of(Duration.ZERO), 1))
        .isGreaterThan(Duration.ofSeconds(11));
  }

  @Test
  void the_same_seed_gives_the_same_wait_and_others_differ() {
    assertThat(Backoff.after(4, Optional.empty(), 7))
        .isEqualTo(Backoff.after(4, Optional.empty(), 7));
    assertThat(
            java.util.stream.LongStream.range(0, 20)
                .mapToObj(seed -> Backoff.after(4, Optional.empty(), seed))
                .distinct()
                .count())
        .isGreaterThan(10);
  }
}
