package dev.agentrunner.port;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.BEN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.append;
import static dev.agentrunner.testing.Orders.history;
import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.recorded;
import static dev.agentrunner.testing.Orders.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.testing.Orders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every store of runs, whoever gets there first. */
public abstract class RunRacesContract extends ServerStoreContract {

  private static final int ROUNDS = 25;
  private static final int WORKERS = 8;

  private RunStore store;
  private ExecutorService threads;

  @BeforeEach
  void open() {
    store = kept.runs();
    threads = Executors.newFixedThreadPool(WORKERS);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void a_run_that_is_canceled_while_it_ends_ends_once() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      RunId run = id(i);
      Lease lease = claimed(run, "p" + i);
      append(store, lease, started());
      kept.pass(LEASE);

      List<Boolean> ended =
          atOnce(
              List.of(
                  () -> appended(lease, recorded(2, new RunCompleted())),
                  () ->
                      store.command(run, new Wish.Cancel("", false), "me")
                          instanceof RunStore.Kept.Done));

      assertThat(ended).containsExactlyInAnyOrder(true, false);
      isSound(run);
      assertThat(store.run(run).orElseThrow().status().isFinal()).isTrue();
    }
  }

  @Test
  void of_many_who_claim_a_run_one_gets_it() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      RunId run = id(i);
      store.submit(run, Orders.of("p" + i));

      List<Optional<Lease>> leases =
          atOnce(
              IntStream.range(0, WORKERS)
                  .mapToObj(w ->
                      (Callable<Optional<Lease>>)
                          () -> store.claim(run, new WorkerId("w" + w), LEASE))
                  .toList());

      assertThat(leases.stream().flatMap(Optional::stream)).hasSize(1);
    }
  }

  @Test
  void of_many_runs_of_a_project_one_is_claimed() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      List<RunId> runs = new ArrayList<>();
      for (int w = 0; w < WORKERS; w++) {
        runs.add(id(i * WORKERS + w));
        store.submit(runs.getLast(), Orders.of("p" + i));
      }
      if (i % 2 == 1) {
        // Then it is in the way of all others, and its lease runs out.
        assertThat(store.claim(runs.getFirst(), ANN, LEASE)).isPresent();
        kept.pass(LEASE);
      }

      List<Optional<Lease>> leases =
          atOnce(
              runs.stream()
                  .map(run -> (Callable<Optional<Lease>>) () -> store.claim(run, BEN, LEASE))
                  .toList());

      assertThat(leases.stream().flatMap(Optional::stream)).as("round %d", i).hasSize(1);
    }
  }

  @Test
  void a_late_beat_and_a_takeover_do_not_both_succeed() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      RunId run = id(i);
      Lease lease = claimed(run, "p" + i);
      append(store, lease, started());
      kept.pass(LEASE);

      List<Boolean> own =
          atOnce(
              List.of(
                  () -> !store.beat(ANN, List.of(lease), LEASE).isEmpty(),
                  () -> store.claim(run, BEN, LEASE).isPresent()));

      assertThat(own).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void what_an_old_generation_writes_never_follows_what_a_new_one_wrote() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      RunId run = id(i);
      Lease old = claimed(run, "p" + i);
      append(store, old, started());
      kept.pass(LEASE);
      var writing = new CountDownLatch(2);

      List<Boolean> done =
          atOnce(
              List.of(
                  () -> {
                    long seq = 2;
                    while (appended(old, recorded(seq, new RunWarned("old")))) {
                      seq++;
                      writing.countDown();
                    }
                    return true;
                  },
                  () -> {
                    assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
                    Lease taken = store.claim(run, BEN, LEASE).orElseThrow();
                    append(store, taken, new RunWarned("new"));
                    append(store, taken, new RunCompleted());
                    return true;
                  }));

      assertThat(done).containsExactly(true, true);
      isSound(run);
      List<Recorded> events = history(store, run);
      assertThat(events.get(events.size() - 2).event()).isEqualTo(new RunWarned("new"));
    }
  }

  @Test
  void listeners_are_told_all_that_was_committed_in_order_and_nothing_else() throws Exception {
    int runs = 4;
    Map<RunId, List<Recorded>> told = new ConcurrentHashMap<>();
    List<String> early = Collections.synchronizedList(new ArrayList<>());
    var over = new CountDownLatch(WORKERS * runs);
    RunStore.Subscription subscription =
        store.onAppend((run, events) -> {
          if (store.run(run).orElseThrow().seq() < events.getLast().seq()) {
            early.add(run + " " + events.getLast());
          }
          told.computeIfAbsent(run, made -> new ArrayList<>()).addAll(events);
          if (events.getLast().event() instanceof RunCompleted) {
            over.countDown();
          }
        });

    atOnce(
        IntStream.range(0, WORKERS)
            .mapToObj(w ->
                (Callable<Boolean>)
                    () -> {
                      for (int i = 0; i < runs; i++) {
                        Orders.runThrough(store, id(w * runs + i), "p" + w, new WorkerId("w" + w));
                      }
                      return true;
                    })
            .toList());

    assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
    subscription.close();
    assertThat(early).isEmpty();
    assertThat(told).hasSize(WORKERS * runs);
    told.forEach((run, events) -> {
      assertThat(events).isEqualTo(history(store, run));
      isSound(run);
    });
  }

  private Lease claimed(RunId run, String project) {
    store.submit(run, Orders.of(project));
    return store.claim(run, ANN, LEASE).orElseThrow();
  }

  private boolean appended(Lease lease, Recorded recorded) {
    try {
      store.log(lease).append(lease.run(), List.of(recorded));
      return true;
    } catch (LostRunException e) {
      return false;
    }
  }

  /** Positions without gaps, one end that nothing follows, and a record that says the same. */
  private void isSound(RunId id) {
    List<Recorded> events = history(store, id);
    RunMark mark = RunMark.QUEUED;
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).seq()).isEqualTo(i + 1L);
      mark = mark.after(events.get(i).event());
    }
    RunRecord run = store.run(id).orElseThrow();
    assertThat(run.seq()).isEqualTo(events.size());
    assertThat(run.mark()).isEqualTo(mark);
  }

  /** Does all of it at the same time. */
  private <T> List<T> atOnce(List<Callable<T>> work) throws Exception {
    var start = new CyclicBarrier(work.size());
    List<Future<T>> all = new ArrayList<>();
    for (Callable<T> one : work) {
      all.add(
          threads.submit(() -> {
            start.await(30, TimeUnit.SECONDS);
            return one.call();
          }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> one : all) {
      results.add(one.get(60, TimeUnit.SECONDS));
    }
    return results;
  }
}
