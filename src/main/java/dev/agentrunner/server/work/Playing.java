package dev.agentrunner.server.work;

import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunCommand;
import dev.agentrunner.core.queue.RunCommand.Wish;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.Intervention;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Preflight;
import dev.agentrunner.engine.RunEngine;
import dev.agentrunner.engine.Steering;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.engine.Watchers;
import dev.agentrunner.port.BusyException;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.EventLog.LostRunException;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run while a worker has it: played by one thread, steered by others through {@link #heed},
 * {@link #drain} and {@link #lose}.
 */
final class Playing {

  private static final Logger LOG = LoggerFactory.getLogger(Playing.class);

  private final RunStore store;
  private final Ground ground;
  private final Lease lease;
  private final Pace pace;
  private final ScheduledExecutorService timer;
  private final RunWatcher onlooker;
  private final EventLog log;
  private final List<String> ended = new ArrayList<>();
  private final StopSignal stop = new StopSignal();
  private final Steering steering = new Steering(stop);
  private final Set<Long> told = new HashSet<>();
  private Optional<RunCommand> cancel = Optional.empty();
  private boolean pausing;
  private boolean draining;
  private boolean lost;
  private @Nullable Site site;

  /** What came of it, for the worker. */
  enum Outcome {
    /** It stands where it stands, and is given back. */
    LEFT,
    /** Its project is in use by somebody else. */
    BUSY
  }

  /**
   * @param timer for what has a grace
   */
  Playing(
      Ground ground, Lease lease, Pace pace, ScheduledExecutorService timer, RunWatcher onlooker) {
    this.ground = ground;
    this.store = ground.store();
    this.lease = lease;
    this.pace = pace;
    this.timer = timer;
    this.onlooker = onlooker;
    this.log = store.log(lease);
  }

  Lease lease() {
    return lease;
  }

  Outcome play() {
    try {
      RunRecord run = store.run(lease.run()).orElseThrow(() -> new LostRunException("it is gone"));
      return play(run, folded());
    } catch (LostRunException e) {
      LOG.warn("run {} is somebody else's now: {}", lease.run(), e.getMessage());
      endProcesses();
      return Outcome.LEFT;
    }
  }

  private Outcome play(RunRecord run, RunState state) {
    RunId id = lease.run();
    try (Site opened = open(run)) {
      synchronized (this) {
        site = opened;
      }
      try {
        keep(opened, goOn(opened, state, isReady(run)));
      } finally {
        synchronized (this) {
          site = null;
        }
      }
      release();
      return Outcome.LEFT;
    } catch (BusyException e) {
      LOG.info("run {} waits for its project: {}", id, e.getMessage());
      release();
      return Outcome.BUSY;
    } catch (UsageException | EnvironmentException e) {
      standStill(state, String.valueOf(e.getMessage()));
      return Outcome.LEFT;
    }
  }

  private Site open(RunRecord run) {
    String name = run.order().project();
    return ground
        .sites()
        .open(
            ground
                .projects()
                .apply(name)
                .orElseThrow(
                    () -> new UsageException("there is no project %s any more".formatted(name))),
            run);
  }

  /** A run that cannot begin is over; one that was begun waits until a person has seen to it. */
  private void standStill(RunState before, String why) {
    RunState now = folded();
    boolean over = now.status().isFinal() || now.seq() > before.seq();
    if (!over) {
      RunEvent event =
          now.started().isEmpty()
              ? new RunEvent.RunFailed(why)
              : new RunEvent.RunPaused(PauseReason.ENVIRONMENT, why, Optional.empty());
      log.append(lease.run(), List.of(new Recorded(now.seq() + 1, store.now(), event)));
    }
    release();
  }

  private RunState folded() {
    var fold = new Fold(RunState.empty(lease.run()));
    log.read(lease.run(), 0, recorded -> fold.state = fold.state.after(recorded));
    return fold.state;
  }

  private static final class Fold {
    private RunState state;

    Fold(RunState state) {
      this.state = state;
    }
  }

  /** Whether it goes on without anybody wanting it to. */
  private boolean isReady(RunRecord run) {
    RunMark mark = run.mark();
    return mark.phase() == RunPhase.DISPATCHING
        || mark.phase() == RunPhase.EXECUTING
        || mark.due().filter(due -> !due.isAfter(store.now())).isPresent();
  }

  /** Plays until the run is over, or stands still and nobody wants anything of it. */
  private RunState goOn(Site at, RunState from, boolean ready) {
    RunState state = from;
    boolean going = ready;
    while (!state.status().isFinal()) {
      heed();
      if (canceled().isPresent()) {
        return canceled(at, state);
      }
      Wishes wishes = wishes(at, state);
      state = wishes.state();
      if (state.status().isFinal() || !(going || wishes.going()) || cutShort()) {
        return state;
      }
      going = false;
      state = moved(at, state);
    }
    return state;
  }

  private RunState moved(Site at, RunState state) {
    RunEngine engine = engine(at);
    return state.seq() == 0
        ? engine.begin(lease.run(), at.started())
        : engine.resume(state, "Going on on worker " + lease.worker() + ".", List.of());
  }

  private RunState canceled(Site at, RunState state) {
    RunCommand command = canceled().orElseThrow();
    Wish.Cancel wish = (Wish.Cancel) command.wish();
    String what;
    synchronized (this) {
      what = ended.isEmpty() ? "" : "; ended: " + String.join(", ", ended);
    }
    String why = wish.reason().isBlank() ? "" : ": " + wish.reason();
    RunState over = engine(at).cancel(state, "canceled by " + command.by() + why + what);
    store.done(lease, command);
    return over;
  }

  /**
   * @param going whether somebody wants the run to go on
   */
  private record Wishes(RunState state, boolean going) {}

  /** Carries out what can be carried out while the run stands still. */
  private Wishes wishes(Site at, RunState before) {
    RunState state = before;
    boolean going = false;
    for (RunCommand command : store.open(lease.run())) {
      switch (command.wish()) {
        case Wish.Decide decide -> {
          state = decided(at, state, decide, command.by());
          going = true;
        }
        case Wish.Resume _ -> going = true;
        case Wish.Pause _, Wish.Cancel _ -> {
          continue; // Heeded on the way.
        }
        case Wish.Tell _ -> {
          continue; // Told while the run goes on.
        }
      }
      if (state.status().isFinal()) {
        break;
      }
      store.done(lease, command);
    }
    return new Wishes(state, going);
  }

  private RunState decided(Site at, RunState state, Wish.Decide decide, String by) {
    if (decide.choice().equals("abort")) {
      return engine(at).cancel(state, "%s decided to stop at %s".formatted(by, decide.task()));
    }
    TaskId id = new TaskId(decide.task());
    Intervention intervention =
        switch (decide.choice()) {
          case "skip" ->
              new Intervention.Leave(decide.text().isBlank() ? "left out by " + by : decide.text());
          case "answer" -> new Intervention.Answer(decide.text());
          default ->
              decide.text().isBlank()
                  ? new Intervention.Again()
                  : new Intervention.Advise(decide.text());
        };
    if (!state.tasks().has(id)) {
      return state;
    }
    return intervention
        .on(state.tasks().task(id))
        .map(events ->
            engine(at).amend(state, events, "%s: %s by %s".formatted(id, decide.choice(), by)))
        .orElse(state);
  }

  private RunEngine engine(Site at) {
    Surroundings around = at.surroundings(log, new Absent());
    new Preflight(at.plan().settings(), List.copyOf(at.plan().tasks().values()))
        .checkProviders(around.models());
    return new RunEngine(
        around,
        at.plan(),
        new Watchers(List.of(at.keeper(), new Interrupted(), onlooker)),
        stop,
        steering);
  }

  /** Remembers what was cut short, for the record of a cancel. */
  private final class Interrupted implements RunWatcher {
    @Override
    public void recorded(Recorded recorded, RunState state) {
      switch (recorded.event()) {
        case RunEvent.StepInterrupted step -> add("%s of %s".formatted(step.step(), step.task()));
        case RunEvent.HookEnded hook when hook.result().end() instanceof HookResult.Interrupted ->
            add(
                "%s-hook %s of %s"
                    .formatted(
                        hook.stage().name().toLowerCase(Locale.ROOT), hook.hook(), hook.task()));
        case RunEvent.ModelFailed model when model.failure() instanceof ModelFailure.Canceled ->
            add("question to the model of " + model.task());
        default -> {
          // Nothing was cut short.
        }
      }
    }

    private void add(String what) {
      synchronized (Playing.this) {
        ended.add(what);
      }
    }
  }

  private void keep(Site at, RunState state) {
    try {
      store.add(at.leave(state));
    } catch (EnvironmentException e) {
      LOG.warn("cannot keep what run {} left behind: {}", lease.run(), e.getMessage());
    }
  }

  private void release() {
    boolean handOn;
    synchronized (this) {
      handOn = draining && cancel.isEmpty() && !pausing;
    }
    if (handOn) {
      store.command(lease.run(), new Wish.Resume(), "the worker that drained");
    }
    store.release(lease);
  }

  // From other threads

  /** Looks what people want of the run meanwhile. */
  void heed() {
    for (RunCommand command : store.open(lease.run())) {
      switch (command.wish()) {
        case Wish.Cancel(String ignored, boolean force) -> cancel(command, force);
        case Wish.Pause() -> {
          pause();
          store.done(lease, command);
        }
        case Wish.Tell tell -> tell(command, tell);
        case Wish.Resume _, Wish.Decide _ -> {}
      }
    }
  }

  private void tell(RunCommand command, Wish.Tell tell) {
    synchronized (this) {
      if (!told.add(command.number())) {
        return;
      }
    }
    steering.tell(
        new Steering.Word(
            tell.task().map(TaskId::new),
            tell.text(),
            command.by(),
            () -> store.done(lease, command)));
  }

  private void cancel(RunCommand command, boolean force) {
    boolean fresh;
    synchronized (this) {
      fresh = cancel.isEmpty();
      cancel = Optional.of(command);
    }
    stop.request();
    if (force) {
      endProcesses();
    } else if (fresh) {
      var _ = timer.schedule(this::endProcesses, pace.grace().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void pause() {
    synchronized (this) {
      pausing = true;
    }
    stop.request();
  }

  /** Has the run stand still to be gone on with by another worker. */
  void drain() {
    synchronized (this) {
      draining = true;
    }
    stop.request();
  }

  /** The run is somebody else's: stops without a word. */
  void lose() {
    synchronized (this) {
      lost = true;
    }
    stop.request();
    endProcesses();
  }

  void endProcesses() {
    Site at;
    synchronized (this) {
      at = site;
    }
    if (at != null) {
      at.endProcesses();
    }
  }

  private synchronized Optional<RunCommand> canceled() {
    return cancel;
  }

  private synchronized boolean cutShort() {
    return pausing || draining || lost;
  }
}
