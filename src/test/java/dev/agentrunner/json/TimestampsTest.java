package dev.agentrunner.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {

  @Test
  void whatever_an_instant_is_written_as_is_read_as_that() {
    Random random = new Random(7);
    int[] grains = {1, 1_000, 1_000_000, 1_000_000_000};
    for (int i = 0; i < 4_000; i++) {
      long second = random.nextLong(-62_000_000_000L, 250_000_000_000L);
      int grain = grains[i % grains.length];
      int nano = random.nextInt(1_000_000_000) / grain * grain;
      Instant at = Instant.ofEpochSecond(second, nano);
      assertThat(Timestamps.parse(at.toString())).isEqualTo(at);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-11-21T10:15:30.12x456Z",
        "2026-11-21T24:15:30.123456Z",
        "2026-13-21T10:15:30.123456789Z",
        "2026-11-21T10:15:30.1234567890Z"
      })
  void what_is_no_instant_is_refused(String text) {
    assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
