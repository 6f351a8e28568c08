package dev.agentrunner.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.task.Bounds;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.port.BusyException;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.testing.MemoryRunStore;
import dev.agentrunner.testing.Scene;
import dev.agentrunner.testing.ScriptedModel;
import dev.agentrunner.testing.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WorkerTest {

  private static final RunId RUN = new RunId("20261121-100000-aaaa");
  private static final Pace PACE =
      new Pace(Duration.ofMillis(20), Duration.ofSeconds(4), Duration.ofSeconds(10));

  private final Scene scene = new Scene();
  private final MemoryRunStore store = new MemoryRunStore(scene.clock);
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicInteger processesEnded = new AtomicInteger();
  private Task task = Tasks.task("T1", List.of(), List.of(), Tasks.BOUNDS);
  private Sites sites = (project, run) -> new MemorySite();

  @AfterEach
  void close() {
    workers.forEach(Worker::close);
  }

  // Playing

  @Test
  void a_run_that_is_submitted_is_played_to_its_end() {
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    submit();

    worker("w1").start();

    assertThat(ended().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(store.artifacts(RUN)).extracting(ArtifactRecord::name).containsExactly("report.md");
    assertThat(run().held()).isEmpty();
  }

  @Test
  void a_list_that_cannot_be_read_fails_its_run_and_says_why() {
    sites =
        (project, run) -> {
          throw new UsageException("tasks.yml:3:1: there is no hook named unit-test");
        };
    submit();

    worker("w1").start();

    assertThat(ended().mark().reason()).contains("tasks.yml:3:1");
    assertThat(events()).hasSize(1).first().isInstanceOf(RunEvent.RunFailed.class);
  }

  @Test
  void a_project_that_is_in_use_is_tried_again_later() {
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    AtomicInteger tries = new AtomicInteger();
    sites =
        (project, run) -> {
          if (tries.incrementAndGet() == 1) {
            scene.clock.advance(Duration.ofSeconds(3));
            throw new BusyException("somebody has it");
          }
          return new MemorySite();
        };
    submit();

    worker("w1").start();
    await(run -> {
      scene.clock.advance(Duration.ofSeconds(1));
      return run.status().isFinal();
    });

    assertThat(run().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(tries.get()).isEqualTo(2);
  }

  // Wishes

  @Test
  void a_cancel_ends_a_run_in_the_middle_of_a_question_to_the_model() throws Exception {
    scene.model.at("T1", 1, 1, ScriptedModel.says("Never heard."));
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch canceled = new CountDownLatch(1);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(canceled);
        };
    submit();
    Worker worker = worker("w1");
    worker.start();
    await(asked);

    store.command(RUN, new Wish.Cancel("not wanted", false), "alice");
    worker.commanded(RUN);
    canceled.countDown();

    assertThat(ended().status()).isEqualTo(RunStatus.CANCELED);
    assertThat(run().mark().reason()).startsWith("canceled by alice: not wanted");
    assertThat(store.open(RUN)).isEmpty();
  }

  @Test
  void a_cancel_by_force_ends_the_processes_at_once() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch canceled = new CountDownLatch(1);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(canceled);
        };
    scene.model.at("T1", 1, 1, ScriptedModel.says("Never heard."));
    submit();
    Worker worker = worker("w1");
    worker.start();
    await(asked);

    store.command(RUN, new Wish.Cancel("", true), "alice");
    worker.commanded(RUN);
    await(run -> processesEnded.get() > 0);
    canceled.countDown();

    assertThat(ended().status()).isEqualTo(RunStatus.CANCELED);
  }

  @Test
  void a_paused_run_stands_still_until_it_is_resumed() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch paused = new CountDownLatch(1);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(paused);
        };
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    submit();
    Worker worker = worker("w1");
    worker.start();
    await(asked);

    store.command(RUN, new Wish.Pause(), "alice");
    worker.commanded(RUN);
    await(run -> store.open(RUN).isEmpty());
    paused.countDown();
    await(run -> run.phase() == RunPhase.PAUSED && run.held().isEmpty());
    store.command(RUN, new Wish.Resume(), "alice");

    assertThat(ended().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_task_that_needs_a_person_waits_and_goes_on_with_the_decision() {
    task =
        Tasks.task("T1", List.of(), List.of(), new Bounds(1, 20, 10_000, Duration.ofMinutes(10)));
    scene.model.at("T1", 1, 1, ScriptedModel.reply(Stop.REFUSED));
    scene.model.at("T1", 2, 1, ScriptedModel.says("Done."));
    submit();
    worker("w1").start();
    await(run -> run.phase() == RunPhase.WAITING_FOR_PERSON && run.held().isEmpty());

    store.command(RUN, new Wish.Decide("T1", "skip", "not needed"), "alice");

    assertThat(ended().status().isFinal()).isTrue();
    assertThat(events()).anyMatch(RunEvent.TaskSkipped.class::isInstance);
  }

  // Changing hands

  @Test
  void a_run_of_a_worker_that_is_gone_is_gone_on_with_by_another() {
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    submit();
    var dead = new WorkerId("dead");
    store.claim(RUN, dead, PACE.lease());
    scene.clock.advance(Duration.ofSeconds(5));

    worker("w2").start();

    assertThat(ended().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_worker_that_has_lost_its_lease_ends_its_processes_and_writes_nothing_more() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch lost = new CountDownLatch(1);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(lost);
        };
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    submit();
    worker("w1").start();
    await(asked);
    long before = events().size();

    scene.clock.advance(Duration.ofSeconds(5));
    store.claim(RUN, new WorkerId("other"), Duration.ofHours(1));
    await(run -> processesEnded.get() > 0);
    lost.countDown();

    workers.removeFirst().close();
    assertThat(events()).hasSize((int) before);
    assertThat(run().held().orElseThrow().worker().value()).isEqualTo("other");
  }

  @Test
  void a_worker_that_drains_hands_its_run_on() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch drained = new CountDownLatch(1);
    scene.onAsk =
        () -> {
          asked.countDown();
          await(drained);
        };
    scene.model.at("T1", 1, 1, ScriptedModel.says("Done."));
    submit();
    Worker first = worker("w1");
    first.start();
    await(asked);

    first.drain();
    drained.countDown();
    await(run -> run.held().isEmpty() && run.phase() == RunPhase.PAUSED);
    worker("w2").start();

    assertThat(ended().status()).isEqualTo(RunStatus.COMPLETED);
  }

  private Worker worker(String name) {
    var self =
        new WorkerRecord(
            new WorkerId(name),
            "host",
            1,
            2,
            scene.clock.instant(),
            scene.clock.instant(),
            false,
            true);
    Worker worker =
        new Worker(
            new Ground(
                store,
                project -> Optional.of(new Project(project, "/p", 1, scene.clock.instant())),
                (project, run) -> sites.open(project, run)),
            new SweepingDispatch(),
            self,
            PACE,
            run -> new RunWatcher() {});
    workers.add(worker);
    return worker;
  }

  private void submit() {
    store.submit(
        RUN,
        new RunOrder(
            "p",
            "tasks: []",
            "goal",
            List.of(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty()));
  }

  private RunRecord run() {
    return store.run(RUN).orElseThrow();
  }

  private RunRecord ended() {
    await(run ->
        run.status() == RunStatus.FAILED
            || (run.status().isFinal() && !store.artifacts(RUN).isEmpty()));
    return run();
  }

  private List<RunEvent> events() {
    List<RunEvent> events = new ArrayList<>();
    store.history().read(RUN, 0, (Recorded recorded) -> events.add(recorded.event()));
    return events;
  }

  private void await(Predicate<RunRecord> there) {
    while (!there.test(run())) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Offers whatever could be claimed, again and again. */
  private final class SweepingDispatch implements Dispatch {

    private final ScheduledExecutorService sweeps = Executors.newSingleThreadScheduledExecutor();

    @Override
    public void start(Handler handler) {
      var _ =
          sweeps.scheduleWithFixedDelay(
              () -> store.claimable(10).forEach(handler::offer), 0, 5, TimeUnit.MILLISECONDS);
    }

    @Override
    public void wake(RunId run) {}

    @Override
    public void at(RunId run, Instant due) {}

    @Override
    public void close() {
      sweeps.shutdownNow();
    }
  }

  private final class MemorySite implements Site {

    @Override
    public Plan plan() {
      return Tasks.plan(List.of(), task);
    }

    @Override
    public RunStarted started() {
      return Tasks.started(plan());
    }

    @Override
    public Surroundings surroundings(EventLog log, People people) {
      return scene.surroundings(people).on(log);
    }

    @Override
    public RunWatcher keeper() {
      return new RunWatcher() {};
    }

    @Override
    public void endProcesses() {
      processesEnded.incrementAndGet();
    }

    @Override
    public List<ArtifactRecord> leave(RunState state) {
      return List.of(
          new ArtifactRecord("a1", RUN, "report.md", "report", "file:///r", 1, "ab", state.at()));
    }

    @Override
    public void close() {}
  }
}
