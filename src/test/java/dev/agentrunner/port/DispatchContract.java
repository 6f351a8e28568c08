package dev.agentrunner.port;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.BEN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.testing.Orders;
import dev.agentrunner.testing.ServerStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for every dispatch. */
public abstract class DispatchContract extends ServerStoreContract {

  private final BlockingQueue<RunId> offered = new LinkedBlockingQueue<>();

  /** One more dispatch of that store. */
  protected abstract Dispatch dispatch(ServerStore store);

  @Test
  void what_could_be_claimed_is_offered_until_somebody_has_it() throws InterruptedException {
    kept.runs().submit(id(1), Orders.of("shop"));
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.start(offered::add);

      isOffered(id(1));
      isOffered(id(1));
      assertThat(kept.runs().claim(id(1), ANN, LEASE)).isPresent();
    }
  }

  @Test
  void a_dead_workers_run_is_offered_and_taken_over() throws InterruptedException {
    kept.runs().submit(id(1), Orders.of("shop"));
    assertThat(kept.runs().claim(id(1), ANN, LEASE)).isPresent();
    BlockingQueue<RunId> claimed = new LinkedBlockingQueue<>();
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.start(run -> kept.runs().claim(run, BEN, LEASE).ifPresent(l -> claimed.add(run)));
      kept.pass(LEASE);

      assertThat(claimed.poll(30, TimeUnit.SECONDS)).isEqualTo(id(1));
    }
  }

  @Test
  void a_run_is_offered_when_this_process_is_woken_for_it() throws InterruptedException {
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.start(offered::add);

      dispatch.wake(id(7));

      isOffered(id(7));
    }
  }

  @Test
  void a_due_time_outlives_the_process_that_named_it() throws InterruptedException {
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.at(id(8), Instant.now().plus(Duration.ofDays(1)));
      dispatch.at(id(8), Instant.now());
      dispatch.at(id(9), Instant.now().plus(Duration.ofDays(1)));
    }
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.start(offered::add);

      isOffered(id(8));
      assertThat(offered).isEmpty();
    }
  }

  @Test
  void a_handler_that_fails_is_offered_the_next_one_all_the_same() throws InterruptedException {
    try (Dispatch dispatch = dispatch(kept)) {
      dispatch.start(run -> {
        offered.add(run);
        throw new IllegalStateException("not today");
      });

      dispatch.wake(id(1));
      dispatch.wake(id(2));

      isOffered(id(1));
      isOffered(id(2));
    }
  }

  private void isOffered(RunId run) throws InterruptedException {
    assertThat(offered.poll(30, TimeUnit.SECONDS)).isEqualTo(run);
  }
}
