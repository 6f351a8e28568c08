package dev.agentrunner.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EvenPaceTest {

  @Test
  void a_burst_is_spread_over_slices_of_the_minute() {
    EvenPace pace = new EvenPace(24);

    assertThat(pace.next()).isZero();
    assertThat(pace.next()).isZero();
    assertThat(pace.next()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5));
    pace.next();
    assertThat(pace.next()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(10));
  }

  @Test
  void few_requests_a_minute_are_spread_one_by_one() {
    EvenPace pace = new EvenPace(2);

    assertThat(pace.next()).isZero();
    assertThat(pace.next()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(30));
  }
}
