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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunCanceled;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunFailed;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.RunResumed;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.RunStore.Kept;
import dev.agentrunner.port.RunStore.Standing;
import dev.agentrunner.testing.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every store of runs. */
public abstract class RunStoreContract extends ServerStoreContract {

  private static final RunId ONE = id(1);
  private static final RunId TWO = id(2);
  private static final RunId THREE = id(3);

  private RunStore store;

  @BeforeEach
  void open() {
    store = kept.runs();
  }

  // Runs

  @Test
  void a_submitted_run_is_queued_with_all_it_was_asked_for() {
    var order =
        new RunOrder(
            "shop",
            "version: 1\n# naïve 日本 👩‍🚀\n",
            "nightly",
            List.of("T2", "T1"),
            Map.of("agent.turns_max", "40", "a b", ""),
            Map.of("team", "a", "day", "monday"),
            Optional.of(new RunOrder.WorkflowRevision("nightly", 3)),
            Optional.of(THREE));

    RunRecord run = store.submit(ONE, order);

    assertThat(run.order()).isEqualTo(order);
    assertThat(run.labels()).isEqualTo(order.labels());
    assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
    assertThat(run.phase()).isEqualTo(RunPhase.DISPATCHING);
    assertThat(run.seq()).isZero();
    assertThat(run.createdAt()).isEqualTo(store.now());
    assertThat(run.startedAt()).isEmpty();
    assertThat(run.held()).isEmpty();
    assertThat(store.run(ONE)).contains(run);
    assertThat(store.run(TWO)).isEmpty();
  }

  @Test
  void an_id_is_used_once() {
    store.submit(ONE, Orders.of("shop"));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> store.submit(ONE, Orders.of("other")));
    assertThat(store.run(ONE).orElseThrow().order().project()).isEqualTo("shop");
  }

  @Test
  void lists_are_paged_newest_first() {
    for (int i = 1; i <= 7; i++) {
      store.submit(id(i), Orders.of("p" + i));
    }

    List<RunId> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<RunRecord> page = store.runs(RunFilter.ALL, cursor, 3);
      page.items().forEach(run -> seen.add(run.id()));
      cursor = page.next();
    } while (cursor.isPresent());

    assertThat(seen).containsExactly(id(7), id(6), id(5), id(4), id(3), id(2), id(1));
    assertThat(store.runs(RunFilter.ALL, Optional.empty(), 7).next()).isEmpty();
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> store.runs(RunFilter.ALL, Optional.of("no cursor!"), 3));
  }

  @Test
  void lists_are_filtered_by_every_part_at_once() {
    store.submit(ONE, Orders.of("shop", Map.of("team", "a")));
    store.submit(TWO, Orders.of("shop", Map.of("team", "a", "day", "1")));
    store.submit(THREE, Orders.of("blog", Map.of("team", "b")));
    append(store, claim(TWO), started());

    assertThat(found(Set.of(RunStatus.RUNNING), Set.of(), Map.of(), Optional.empty()))
        .containsExactly(TWO);
    assertThat(found(Set.of(), Set.of(RunPhase.DISPATCHING), Map.of(), Optional.empty()))
        .containsExactly(THREE, ONE);
    assertThat(found(Set.of(), Set.of(), Map.of("team", "a"), Optional.empty()))
        .containsExactly(TWO, ONE);
    assertThat(found(Set.of(), Set.of(), Map.of("team", "a", "day", "1"), Optional.of("shop")))
        .containsExactly(TWO);
    assertThat(found(Set.of(), Set.of(), Map.of("team", "a"), Optional.of("blog"))).isEmpty();
  }

  private List<RunId> found(
      Set<RunStatus> statuses,
      Set<RunPhase> phases,
      Map<String, String> labels,
      Optional<String> project) {
    var filter = new RunFilter(statuses, phases, labels, project, Optional.empty());
    return store.runs(filter, Optional.empty(), 10).items().stream().map(RunRecord::id).toList();
  }

  @Test
  void runs_are_counted_where_they_stand() {
    store.submit(ONE, Orders.of("a"));
    store.submit(TWO, Orders.of("b"));
    store.submit(THREE, Orders.of("c"));
    claim(TWO);
    store.command(TWO, new Wish.Cancel("", false), "me");
    store.command(THREE, new Wish.Cancel("", false), "me");

    assertThat(store.counts())
        .isEqualTo(
            Map.of(
                new Standing(RunStatus.QUEUED, RunPhase.DISPATCHING), 1L,
                new Standing(RunStatus.QUEUED, RunPhase.CANCELING), 1L,
                new Standing(RunStatus.CANCELED, RunPhase.OVER), 1L));
  }

  @Test
  void labels_are_replaced_by_whoever_knows_the_version() {
    store.submit(ONE, Orders.of("shop", Map.of("team", "a")));

    RunRecord changed = store.label(ONE, 1, Map.of("day", "1")).orElseThrow();

    assertThat(changed.labels()).isEqualTo(Map.of("day", "1"));
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.order().labels()).isEqualTo(Map.of("team", "a"));
    assertThat(store.label(ONE, 1, Map.of())).isEmpty();
    assertThat(store.label(TWO, 1, Map.of())).isEmpty();
    assertThat(found(Set.of(), Set.of(), Map.of("day", "1"), Optional.empty())).contains(ONE);
    assertThat(found(Set.of(), Set.of(), Map.of("team", "a"), Optional.empty())).isEmpty();
  }

  @Test
  void only_a_run_that_is_over_can_be_removed() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());
    assertThat(store.remove(ONE)).isFalse();

    append(store, lease, new RunCompleted());
    assertThat(store.remove(ONE)).isTrue();

    assertThat(store.remove(ONE)).isFalse();
    assertThat(store.run(ONE)).isEmpty();
    assertThat(history(store, ONE)).isEmpty();
    store.submit(ONE, Orders.of("shop"));
    assertThat(store.open(ONE)).isEmpty();
  }

  // Events

  @Test
  void events_move_the_mark_in_the_same_go() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    Instant due = store.now().plusSeconds(90);

    append(store, lease, started());
    assertThat(run(ONE).phase()).isEqualTo(RunPhase.EXECUTING);
    assertThat(run(ONE).startedAt()).contains(store.now());

    append(store, lease, new RunPaused(PauseReason.QUOTA, "used up", Optional.of(due)));
    assertThat(run(ONE).phase()).isEqualTo(RunPhase.WAITING_FOR_QUOTA);
    assertThat(run(ONE).mark().due()).contains(due);
    assertThat(run(ONE).mark().reason()).isEqualTo("used up");

    append(store, lease, new RunResumed("the quota is back", List.of()), new RunFailed("no luck"));
    assertThat(run(ONE).status()).isEqualTo(RunStatus.FAILED);
    assertThat(run(ONE).phase()).isEqualTo(RunPhase.OVER);
    assertThat(run(ONE).mark().reason()).isEqualTo("no luck");
    assertThat(run(ONE).mark().due()).isEmpty();
    assertThat(run(ONE).endedAt()).contains(store.now());
    assertThat(run(ONE).held()).isEmpty();
    assertThat(run(ONE).seq()).isEqualTo(4);
  }

  @Test
  void nothing_follows_the_end() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started(), new RunCompleted());

    refuses(lease, recorded(3, new RunWarned("late")));
    refuses(lease, recorded(3, new RunCanceled("late")));

    store.submit(TWO, Orders.of("shop"));
    Lease other = claim(TWO);
    assertThatExceptionOfType(LostRunException.class)
        .isThrownBy(() -> append(store, other, new RunCompleted(), new RunWarned("behind it")));
    assertThat(history(store, ONE)).hasSize(2);
    assertThat(history(store, TWO)).isEmpty();
    assertThat(run(ONE).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void history_is_to_be_read_only() {
    store.submit(ONE, Orders.of("shop"));

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> store.history().append(ONE, List.of(recorded(1, started()))));
  }

  @Test
  void whoever_listens_is_told_of_what_was_written_in_order() throws InterruptedException {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());
    BlockingQueue<Recorded> told = new LinkedBlockingQueue<>();
    RunStore.Subscription subscription = store.onAppend((run, events) -> told.addAll(events));

    append(store, lease, new RunWarned("2"), new RunWarned("3"));
    append(store, lease, new RunCompleted());

    for (long seq = 2; seq <= 4; seq++) {
      assertThat(told.poll(20, TimeUnit.SECONDS)).extracting(Recorded::seq).isEqualTo(seq);
    }
    subscription.close();
    store.submit(TWO, Orders.of("shop"));
    append(store, claim(TWO), started());
    assertThat(told).isEmpty();
  }

  // Commands

  @Test
  void a_canceled_run_that_nobody_holds_is_over_at_once() {
    store.submit(ONE, Orders.of("shop"));

    Kept kept = store.command(ONE, new Wish.Cancel("too slow", false), "me");

    assertThat(kept).isEqualTo(new Kept.Done(run(ONE)));
    assertThat(run(ONE).status()).isEqualTo(RunStatus.CANCELED);
    assertThat(run(ONE).mark().reason()).isEqualTo("too slow");
    assertThat(history(store, ONE))
        .extracting(Recorded::event)
        .containsExactly(new RunCanceled("too slow"));
    assertThat(store.open(ONE)).isEmpty();
    assertThat(store.claim(ONE, ANN, LEASE)).isEmpty();
    assertThat(store.command(ONE, new Wish.Pause(), "me")).isEqualTo(new Kept.TooLate(run(ONE)));
    assertThat(store.command(TWO, new Wish.Pause(), "me")).isEqualTo(new Kept.Unknown());
  }

  @Test
  void a_canceled_run_that_somebody_holds_is_left_to_them() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());

    Kept kept = store.command(ONE, new Wish.Cancel("", false), "me");

    assertThat(kept).isEqualTo(new Kept.Pending(store.open(ONE).getFirst()));
    assertThat(run(ONE).phase()).isEqualTo(RunPhase.CANCELING);
    assertThat(store.command(ONE, new Wish.Cancel("again", false), "me")).isEqualTo(kept);
    assertThat(store.open(ONE)).hasSize(1);
    append(store, lease, new RunCanceled(""));
    assertThat(store.open(ONE)).isEmpty();
    assertThat(run(ONE).phase()).isEqualTo(RunPhase.OVER);
    store.done(lease, ((Kept.Pending) kept).command());
  }

  @Test
  void a_canceled_run_whose_worker_died_is_over_at_once() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());
    store.command(ONE, new Wish.Cancel("first", false), "me");
    kept.pass(LEASE);

    assertThat(store.command(ONE, new Wish.Cancel("second", false), "me"))
        .isEqualTo(new Kept.Done(run(ONE)));

    assertThat(run(ONE).status()).isEqualTo(RunStatus.CANCELED);
    refuses(lease, recorded(2, new RunWarned("late")));
    refuses(lease, recorded(3, new RunWarned("late")));
    assertThat(history(store, ONE)).hasSize(2);
  }

  @Test
  void commands_are_kept_in_order_until_they_are_carried_out() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    List<Wish> wishes =
        List.of(
            new Wish.Pause(),
            new Wish.Resume(),
            new Wish.Decide("T1", "answer", "42"),
            new Wish.Tell(Optional.empty(), "be quick"),
            new Wish.Tell(Optional.of("T2"), "not \u0000 so \ud83d quick"));
    wishes.forEach(wish -> store.command(ONE, wish, "me"));

    List<RunCommand> open = store.open(ONE);
    assertThat(open).extracting(RunCommand::wish).isEqualTo(wishes);
    assertThat(open).extracting(RunCommand::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(open).allMatch(command -> command.by().equals("me") && command.doneAt().isEmpty());

    store.done(lease, open.get(0));
    store.done(lease, open.get(2));
    store.done(lease, open.get(2));
    assertThat(store.open(ONE)).containsExactly(open.get(1), open.get(3), open.get(4));
  }

  @Test
  void asking_twice_is_asking_once_but_what_is_told_twice_is_meant_twice() {
    store.submit(ONE, Orders.of("shop"));
    claim(ONE);

    store.command(ONE, new Wish.Pause(), "me");
    store.command(ONE, new Wish.Pause(), "you");
    store.command(ONE, new Wish.Resume(), "me");
    store.command(ONE, new Wish.Pause(), "me");
    store.command(ONE, new Wish.Tell(Optional.empty(), "x"), "me");
    store.command(ONE, new Wish.Tell(Optional.empty(), "x"), "me");
    store.command(ONE, new Wish.Cancel("", false), "me");
    store.command(ONE, new Wish.Cancel("", true), "me");
    store.command(ONE, new Wish.Cancel("", false), "me");

    assertThat(store.open(ONE))
        .extracting(RunCommand::wish)
        .containsExactly(
            new Wish.Pause(),
            new Wish.Resume(),
            new Wish.Pause(),
            new Wish.Tell(Optional.empty(), "x"),
            new Wish.Tell(Optional.empty(), "x"),
            new Wish.Cancel("", false),
            new Wish.Cancel("", true));
  }

  @Test
  void a_command_is_carried_out_by_the_holder_alone() {
    store.submit(ONE, Orders.of("shop"));
    Lease old = claim(ONE);
    store.command(ONE, new Wish.Pause(), "me");
    kept.pass(LEASE);
    Lease taken = store.claim(ONE, BEN, LEASE).orElseThrow();

    RunCommand pause = store.open(ONE).getFirst();
    assertThatExceptionOfType(LostRunException.class).isThrownBy(() -> store.done(old, pause));

    assertThat(store.open(ONE)).containsExactly(pause);
    store.done(taken, pause);
    assertThat(store.open(ONE)).isEmpty();
  }

  // Workers

  @Test
  void a_claimed_run_is_nobody_elses() {
    store.submit(ONE, Orders.of("shop"));

    Lease lease = claim(ONE);

    assertThat(run(ONE).held())
        .contains(new RunRecord.Held(ANN, lease.generation(), store.now().plus(LEASE)));
    assertThat(store.claim(ONE, BEN, LEASE)).isEmpty();
    assertThat(store.claim(ONE, ANN, LEASE)).isEmpty();
    assertThat(store.claim(TWO, BEN, LEASE)).isEmpty();
    assertThat(store.claimable(10)).isEmpty();
  }

  @Test
  void a_lease_that_ran_out_is_taken_over_and_the_old_holder_is_shut_out() {
    store.submit(ONE, Orders.of("shop"));
    Lease old = claim(ONE);
    append(store, old, started());
    kept.pass(LEASE.minusMillis(1));
    assertThat(store.claimable(10)).isEmpty();
    assertThat(store.claim(ONE, BEN, LEASE)).isEmpty();
    kept.pass(Duration.ofMillis(1));
    assertThat(store.claimable(10)).containsExactly(ONE);

    Lease taken = store.claim(ONE, BEN, LEASE).orElseThrow();

    assertThat(taken.generation()).isGreaterThan(old.generation());
    refuses(old, recorded(2, new RunWarned("from the grave")));
    assertThat(store.beat(ANN, List.of(old), LEASE)).isEmpty();
    store.release(old);
    assertThat(run(ONE).held()).map(RunRecord.Held::worker).contains(BEN);
    append(store, taken, new RunWarned("taken over"));
  }

  @Test
  void a_beat_renews_what_is_held() {
    store.submit(ONE, Orders.of("shop"));
    store.submit(TWO, Orders.of("blog"));
    Lease lease = claim(ONE);
    Lease released = claim(TWO);
    store.release(released);
    kept.pass(LEASE.minusMillis(1));

    assertThat(store.beat(ANN, List.of(lease, released), LEASE)).containsExactly(lease);

    kept.pass(LEASE.minusMillis(1));
    assertThat(store.claim(ONE, BEN, LEASE)).isEmpty();
  }

  @Test
  void a_late_beat_counts_while_nobody_else_has_the_run() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    kept.pass(LEASE.multipliedBy(2));

    assertThat(store.beat(ANN, List.of(lease), LEASE)).containsExactly(lease);
    append(store, lease, started());
  }

  @Test
  void one_run_of_a_project_is_worked_on_at_a_time() {
    store.submit(ONE, Orders.of("shop"));
    store.submit(TWO, Orders.of("shop"));
    store.submit(THREE, Orders.of("blog"));
    Lease lease = claim(ONE);

    assertThat(store.claim(TWO, BEN, LEASE)).isEmpty();
    assertThat(store.claimable(10)).containsExactly(THREE);
    assertThat(store.claim(THREE, BEN, LEASE)).isPresent();

    append(store, lease, started(), new RunCompleted());
    assertThat(store.claim(TWO, BEN, LEASE)).isPresent();
  }

  @Test
  void a_frozen_worker_does_not_wake_up_beside_another_run_of_its_project() {
    store.submit(ONE, Orders.of("shop"));
    store.submit(TWO, Orders.of("shop"));
    Lease frozen = claim(ONE);
    append(store, frozen, started());
    kept.pass(LEASE);

    assertThat(store.claim(TWO, BEN, LEASE)).isPresent();

    refuses(frozen, recorded(2, new RunWarned("awake")));
    assertThat(store.beat(ANN, List.of(frozen), LEASE)).isEmpty();
    assertThat(store.claim(ONE, ANN, LEASE)).isEmpty();
  }

  @Test
  void a_released_run_that_was_executing_is_to_be_had() {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());

    store.release(lease);

    assertThat(store.claimable(10)).containsExactly(ONE);
    refuses(lease, recorded(2, new RunWarned("released")));
    assertThat(store.claim(ONE, BEN, LEASE)).isPresent();
  }

  @Test
  void a_run_that_waits_is_to_be_had_when_it_is_due() {
    waiting(PauseReason.QUOTA, Optional.of(store.now().plusSeconds(60)));
    assertThat(store.claimable(10)).isEmpty();
    assertThat(store.claim(ONE, BEN, LEASE)).isEmpty();

    kept.pass(Duration.ofSeconds(60));

    assertThat(store.claimable(10)).containsExactly(ONE);
    assertThat(store.claim(ONE, BEN, LEASE)).isPresent();
  }

  @Test
  void a_run_that_waits_is_to_be_had_when_there_is_a_command() {
    waiting(PauseReason.NEEDS_PERSON, Optional.empty());
    kept.pass(Duration.ofDays(3));
    assertThat(store.claimable(10)).isEmpty();

    store.command(ONE, new Wish.Decide("T1", "skip", ""), "me");

    assertThat(store.claimable(10)).containsExactly(ONE);
    Lease lease = store.claim(ONE, BEN, LEASE).orElseThrow();
    store.done(lease, store.open(ONE).getFirst());
    store.release(lease);
    assertThat(store.claimable(10)).isEmpty();
  }

  private void waiting(PauseReason reason, Optional<Instant> due) {
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started(), new RunPaused(reason, "", due));
    store.release(lease);
  }

  @Test
  void those_longest_ready_come_first() {
    store.submit(THREE, Orders.of("c"));
    kept.pass(Duration.ofSeconds(1));
    store.submit(ONE, Orders.of("a"));
    Lease lease = claim(ONE);
    append(store, lease, started());
    kept.pass(Duration.ofSeconds(1));
    store.submit(TWO, Orders.of("b"));
    kept.pass(Duration.ofSeconds(1));
    store.release(lease);

    assertThat(store.claimable(10)).containsExactly(THREE, TWO, ONE);
    assertThat(store.claimable(2)).containsExactly(THREE, TWO);
  }

  @Test
  void workers_are_listed_and_known_to_be_alive_by_their_beat() {
    store.enlist(Orders.worker(ANN));
    kept.pass(Duration.ofSeconds(3));
    store.enlist(Orders.worker(BEN));
    kept.pass(Duration.ofSeconds(2));

    assertThat(store.workers())
        .extracting(WorkerRecord::id, WorkerRecord::alive)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(ANN, false),
            org.assertj.core.groups.Tuple.tuple(BEN, true));
    store.beat(ANN, List.of(), LEASE);
    store.drain(ANN);
    assertThat(store.workers())
        .filteredOn(worker -> worker.id().equals(ANN))
        .allMatch(worker -> worker.alive() && worker.draining() && worker.slots() == 2);
  }

  @Test
  void what_a_dismissed_worker_held_is_free_at_once() {
    store.enlist(Orders.worker(ANN));
    store.submit(ONE, Orders.of("shop"));
    Lease lease = claim(ONE);
    append(store, lease, started());

    store.dismiss(ANN);

    assertThat(store.workers()).isEmpty();
    refuses(lease, recorded(2, new RunWarned("dismissed")));
    assertThat(store.claim(ONE, BEN, LEASE)).isPresent();
  }

  // Artifacts

  @Test
  void artifacts_are_found_by_run_and_replaced_by_name() {
    store.submit(ONE, Orders.of("shop"));
    ArtifactRecord diff = artifact("a1", "changes.diff");
    ArtifactRecord log = artifact("a2", "pre.log");
    ArtifactRecord newer = artifact("a3", "changes.diff");
    store.add(List.of(diff, log));
    store.add(List.of(newer));

    assertThat(store.artifacts(ONE)).containsExactlyInAnyOrder(log, newer);
    assertThat(store.artifact(ONE, "a3")).contains(newer);
    assertThat(store.artifact(ONE, "a1")).isEmpty();
    assertThat(store.artifacts(TWO)).isEmpty();
  }

  private ArtifactRecord artifact(String id, String name) {
    return new ArtifactRecord(
        id, ONE, name, "file", "file:///x/" + name, 12, "ab".repeat(32), store.now());
  }

  private Lease claim(RunId run) {
    return store.claim(run, ANN, LEASE).orElseThrow();
  }

  private RunRecord run(RunId id) {
    return store.run(id).orElseThrow();
  }

  private void refuses(Lease lease, Recorded recorded) {
    assertThatExceptionOfType(LostRunException.class)
        .isThrownBy(() -> store.log(lease).append(lease.run(), List.of(recorded)));
  }
}
