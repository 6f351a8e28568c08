package dev.agentrunner.server.work;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.RunWatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays runs of a store in this process, several at once. It takes what it is offered, and looks
 * for more when a slot becomes free. Safe for use by many threads.
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** How long a run rests whose project is in use by somebody else. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final Ground ground;
  private final Dispatch dispatch;
  private final WorkerRecord self;
  private final Pace pace;
  private final Function<RunId, RunWatcher> onlookers;
  private final Semaphore slots;
  private final Map<RunId, Playing> playing = new ConcurrentHashMap<>();
  private final Map<RunId, Instant> resting = new ConcurrentHashMap<>();
  private final ExecutorService players;
  private final ScheduledExecutorService heart;
  private volatile boolean draining;

  /**
   * @param dispatch offers it runs
   * @param self how it lists itself; its slots are how many runs it plays at once
   * @param onlookers see what is too fleeting for the log
   */
  public Worker(
      Ground ground,
      Dispatch dispatch,
      WorkerRecord self,
      Pace pace,
      Function<RunId, RunWatcher> onlookers) {
    this.ground = ground;
    this.dispatch = dispatch;
    this.self = self;
    this.pace = pace;
    this.onlookers = onlookers;
    this.slots = new Semaphore(self.slots());
    this.players =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("player-", 1).daemon().factory());
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heart").daemon().factory());
  }

  public WorkerId id() {
    return self.id();
  }

  /**
   * Lists itself and begins to take runs.
   *
   * @throws EnvironmentException if the store cannot be reached
   */
  public void start() {
    store().enlist(self);
    dispatch.start(this::offer);
    var _ = heart.scheduleAtFixedRate(this::beat, 0, pace.beat().toMillis(), TimeUnit.MILLISECONDS);
  }

  private RunStore store() {
    return ground.store();
  }

  /** Takes the run if it is to be had and a slot is free. */
  public void offer(RunId run) {
    if (draining || isResting(run) || playing.containsKey(run) || !slots.tryAcquire()) {
      return;
    }
    try {
      players.execute(() -> {
        try {
          claim(run);
        } finally {
          slots.release();
        }
        lookForMore();
      });
    } catch (RejectedExecutionException closed) {
      slots.release();
    }
  }

  private boolean isResting(RunId run) {
    Instant until = resting.get(run);
    if (until == null) {
      return false;
    }
    if (store().now().isBefore(until)) {
      return true;
    }
    resting.remove(run, until);
    return false;
  }

  /** Offers itself whatever is to be had, as far as slots are free. */
  private void lookForMore() {
    if (draining || slots.availablePermits() == 0) {
      return;
    }
    try {
      store().claimable(self.slots()).forEach(this::offer);
    } catch (EnvironmentException e) {
      LOG.warn("cannot look for runs: {}", e.getMessage());
    }
  }

  private void claim(RunId run) {
    try {
      Optional<Lease> lease = store().claim(run, self.id(), pace.lease());
      if (lease.isPresent()) {
        play(lease.get());
      }
    } catch (EnvironmentException e) {
      LOG.warn("cannot take run {}: {}", run, e.getMessage());
    }
  }

  private void play(Lease lease) {
    Playing mine = new Playing(ground, lease, pace, heart, onlookers.apply(lease.run()));
    playing.put(lease.run(), mine);
    try {
      if (draining) {
        mine.drain();
      }
      if (mine.play() == Playing.Outcome.BUSY) {
        resting.put(lease.run(), store().now().plus(REST));
      }
      store()
          .run(lease.run())
          .flatMap(run -> run.mark().due())
          .ifPresent(due -> dispatch.at(lease.run(), due));
    } catch (RuntimeException e) {
      LOG.error("run {} broke off; it is taken up again once its lease is over", lease.run(), e);
    } finally {
      playing.remove(lease.run(), mine);
    }
  }

  /** Somebody wants something of the run: looks at once, if it is played here. */
  public void commanded(RunId run) {
    Playing mine = playing.get(run);
    if (mine == null) {
      offer(run);
    } else {
      heed(mine);
    }
  }

  private static void heed(Playing mine) {
    try {
      mine.heed();
    } catch (EnvironmentException e) {
      LOG.warn("cannot read what is wanted of run {}: {}", mine.lease().run(), e.getMessage());
    }
  }

  private void beat() {
    try {
      List<Lease> held = playing.values().stream().map(Playing::lease).toList();
      Set<Lease> kept = new HashSet<>(store().beat(self.id(), held, pace.lease()));
      for (Playing mine : playing.values()) {
        if (kept.contains(mine.lease())) {
          heed(mine);
        } else if (held.contains(mine.lease())) {
          mine.lose();
        }
      }
    } catch (EnvironmentException e) {
      LOG.warn("cannot say that this worker is alive: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the heart of this worker stumbled", e);
    }
  }

  /** Takes no more runs and gives back those it has, to go on elsewhere. */
  public void drain() {
    draining = true;
    try {
      store().drain(self.id());
    } catch (EnvironmentException e) {
      LOG.warn("cannot say that this worker drains: {}", e.getMessage());
    }
    playing.values().forEach(Playing::drain);
  }

  /** Drains, waits for what is under way as long as the grace allows, and strikes itself off. */
  @Override
  public void close() {
    dispatch.close();
    drain();
    players.shutdown();
    try {
      if (!players.awaitTermination(pace.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        playing.values().forEach(Playing::endProcesses);
        players.awaitTermination(pace.lease().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heart.shutdownNow();
    try {
      store().dismiss(self.id());
    } catch (EnvironmentException e) {
      LOG.warn("cannot strike this worker off: {}", e.getMessage());
    }
  }
}
