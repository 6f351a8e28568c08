package dev.agentrunner.adapter.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClockPausesTest {

  private final SettableClock clock = new SettableClock();
  private final Instant start = clock.instant();
  private final StopSignal stop = new StopSignal();
  private final List<Duration> naps = new ArrayList<>();

  @Test
  void it_returns_when_the_time_has_come() {
    pausesThat(clock::advance).until(start.plusMillis(2500), stop);

    assertThat(naps)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500));
  }

  @Test
  void a_time_that_has_passed_is_not_waited_for() {
    pausesThat(clock::advance).until(start, stop);

    assertThat(naps).isEmpty();
  }

  @Test
  void a_machine_that_slept_through_it_does_not_wait_longer() {
    pausesThat(_ -> clock.advance(Duration.ofHours(9)))
        .until(start.plus(Duration.ofHours(8)), stop);

    assertThat(naps).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void a_clock_that_is_set_back_means_a_longer_wait() {
    pausesThat(
            most -> {
              clock.advance(most);
              if (naps.size() == 1) {
                clock.set(start.minusSeconds(10));
              }
            })
        .until(start.plusSeconds(2), stop);

    assertThat(naps).hasSize(13);
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(2));
  }

  @Test
  void a_wait_without_end_does_not_overflow() {
    pausesThat(_ -> clock.set(Instant.MAX)).until(Instant.MAX, stop);

    assertThat(naps).hasSize(1);
  }

  @Test
  void it_does_not_begin_to_wait_once_asked_to_stop() {
    stop.request();

    pausesThat(clock::advance).until(start.plusSeconds(5), stop);

    assertThat(naps).isEmpty();
  }

  @Test
  void a_wish_to_stop_wakes_it_at_once() {
    List<Long> latch = new ArrayList<>();
    var pauses =
        new ClockPauses(
            clock,
            (_, woken) -> {
              latch.add(woken.getCount());
              stop.request();
              latch.add(woken.getCount());
            });

    pauses.until(start.plusSeconds(5), stop);

    assertThat(latch).as("naps end when it is zero").containsExactly(1L, 0L);
  }

  @Test
  void a_real_nap_ends_when_woken() throws InterruptedException {
    var waiter =
        Thread.ofPlatform()
            .start(() -> new ClockPauses(clock).until(start.plus(Duration.ofDays(1)), stop));

    stop.request();

    waiter.join();
    assertThat(clock.instant()).isEqualTo(start);
  }

  @Test
  void an_interrupt_ends_it_and_stays_set() {
    var pauses =
        new ClockPauses(
            clock,
            (_, _) -> {
              throw new InterruptedException();
            });

    pauses.until(start.plusSeconds(5), stop);

    assertThat(Thread.interrupted()).isTrue();
  }

  private ClockPauses pausesThat(Consumer<Duration> nap) {
    return new ClockPauses(
        clock,
        (most, _) -> {
          naps.add(most);
          nap.accept(most);
        });
  }
}
