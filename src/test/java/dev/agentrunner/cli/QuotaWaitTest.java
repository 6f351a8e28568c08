package dev.agentrunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.engine.AgentTools;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.SettableClock;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaWaitTest {

  private final SettableClock clock = new SettableClock();
  private final Instant began = clock.instant();
  private final StopSignal stop = new StopSignal();
  private final List<Instant> told = new ArrayList<>();

  private QuotaWait most(Duration most) {
    return new QuotaWait(most, clock, clock, stop, new Told());
  }

  private RunState pausedUntil(PauseReason reason, Optional<Instant> due) {
    RunState begun =
        RunState.empty(Scene.RUN)
            .after(
                new Recorded(
                    1, began, Tasks.started(Tasks.plan(AgentTools.specs(), Tasks.task("T1")))));
    return begun.after(new Recorded(2, began, new RunPaused(reason, "used up", due)));
  }

  @Test
  void the_run_goes_on_when_the_clock_says_so() {
    Instant due = began.plus(Duration.ofMinutes(5));

    assertThat(most(Duration.ofHours(1)).isOver(pausedUntil(PauseReason.QUOTA, Optional.of(due))))
        .isTrue();

    assertThat(clock.instant()).isEqualTo(due);
    assertThat(told).as("a countdown by the second").hasSize(300);
  }

  @Test
  void nobody_waits_longer_than_allowed_in_all() {
    QuotaWait wait = most(Duration.ofMinutes(8));
    Instant soon = began.plus(Duration.ofMinutes(5));

    assertThat(wait.isOver(pausedUntil(PauseReason.QUOTA, Optional.of(soon)))).isTrue();
    assertThat(
            wait.isOver(
                pausedUntil(PauseReason.QUOTA, Optional.of(soon.plus(Duration.ofMinutes(5))))))
        .isFalse();
    assertThat(clock.instant()).isEqualTo(soon);
  }

  @Test
  void who_wants_to_stop_need_not_wait() {
    stop.request();

    assertThat(
            most(Duration.ofHours(1))
                .isOver(pausedUntil(PauseReason.QUOTA, Optional.of(began.plusSeconds(60)))))
        .isFalse();
  }

  @Test
  void only_a_quota_with_a_known_end_is_waited_for() {
    assertThat(most(Duration.ofHours(1)).isOver(pausedUntil(PauseReason.BUDGET, Optional.empty())))
        .isFalse();
    assertThat(most(Duration.ofHours(1)).isOver(pausedUntil(PauseReason.QUOTA, Optional.empty())))
        .isFalse();
  }

  private final class Told implements View {

    @Override
    public void opening(Opening opening) {}

    @Override
    public void waiting(Instant due, Instant now) {
      told.add(now);
    }

    @Override
    public void closing(Ending ending) {}
  }
}
