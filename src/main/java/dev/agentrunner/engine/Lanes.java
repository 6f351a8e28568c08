package dev.agentrunner.engine;

import dev.agentrunner.core.limit.TokenEstimate;
import dev.agentrunner.core.run.InFlight;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.run.Worktree;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a run with several tasks at once. One thread decides, for one task after the other, and
 * holds the journal's monitor meanwhile; what is decided is done by others, one step of a task at a
 * time. Whatever ends or stops the run waits until all of them have done their step: what came of
 * it is written down before the run stands still.
 */
final class Lanes {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;
  private final Steering steering;
  private final Journal journal;

  /** Steps that are being done, with the tokens that each may take. */
  private final Map<TaskId, Doing> doing = new HashMap<>();

  /** What stops the run as soon as nothing is being done any more. */
  private Optional<RunEvent.RunPaused> stopping = Optional.empty();

  private @Nullable Throwable failure;

  private record Doing(Step.Effect step) {

    /** One question at a time, and one merge. */
    boolean excludes(Doing other) {
      return (asksPerson() && other.asksPerson())
          || (step instanceof Step.Merge && other.step instanceof Step.Merge);
    }

    private boolean asksPerson() {
      return step instanceof Step.AskPerson || step instanceof Step.AskApproval;
    }
  }

  Lanes(
      Surroundings around,
      Plan plan,
      RunWatcher watcher,
      StopSignal stop,
      Steering steering,
      Journal journal) {
    this.around = around.on(new OneAtATime(around.log(), journal));
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.steering = steering;
    this.journal = journal;
  }

  /** Whether tasks are to be worked on beside each other, or were, when the run was cut. */
  static boolean areNeeded(Plan plan, RunState state) {
    return plan.settings().jobs() > 1
        || state.tasks().stream()
            .anyMatch(task -> task.status() == TaskStatus.RUNNING && task.worktree().isPresent());
  }

  /** The log, read while nobody writes. */
  private record OneAtATime(EventLog log, Journal journal) implements EventLog {

    @Override
    public void read(RunId run, long after, Consumer<Recorded> reader) {
      synchronized (journal) {
        log.read(run, after, reader);
      }
    }

    @Override
    public void append(RunId run, List<Recorded> events) {
      synchronized (journal) {
        log.append(run, events);
      }
    }
  }

  /** What was found out by asking each task what comes next for it. */
  private static final class Round {
    private Optional<Step.Note> held = Optional.empty();
    private boolean pausing;

    void hold(Step.Note note) {
      held = held.or(() -> Optional.of(note));
    }
  }

  RunState play() {
    // Platform threads that live as long as the run: a child may be ended with who started it.
    try (ExecutorService workers = Executors.newFixedThreadPool(plan.settings().jobs())) {
      synchronized (journal) {
        return play(workers);
      }
    }
  }

  private RunState play(ExecutorService workers) {
    boolean interrupted = false;
    while (true) {
      if (advance(workers)) {
        continue;
      }
      journal.write();
      if (doing.isEmpty()) {
        rethrow();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return journal.state();
      }
      try {
        journal.wait();
      } catch (InterruptedException e) {
        interrupted = true;
        stop.request();
      }
    }
  }

  private void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Decides one thing; false if there is nothing to decide until a step is done. */
  private boolean advance(ExecutorService workers) {
    RunState state = journal.state();
    if (failure != null || state.status() != RunStatus.RUNNING || state.pause().isPresent()) {
      return false;
    }
    if (stop.requested() && stopping.isEmpty()) {
      stopping = Optional.of(paused(PauseReason.INTERRUPTED, "asked to stop"));
    }
    if (stopping.isPresent()) {
      return doing.isEmpty() && note(new Step.Note(List.of(stopping.get())));
    }
    steering.first(state.tasks().current().map(TaskState::id));
    Round round = new Round();
    List<TaskState> tasks = state.atOnce(plan, plan.settings().jobs());
    for (TaskState task : tasks) {
      if (!doing.containsKey(task.id()) && advance(task, round, workers)) {
        return true;
      }
    }
    if (!doing.isEmpty()) {
      return false;
    }
    if (round.held.isPresent()) {
      return note(round.held.get());
    }
    if (round.pausing) {
      return standStill();
    }
    if (tasks.isEmpty()
        && state.next(plan, around.clock().instant()) instanceof Step.Note verdict) {
      return note(verdict);
    }
    throw new IllegalStateException("nothing can be gone on with, and nothing is being done");
  }

  /** Goes on with one task; false if it has to wait for something. */
  private boolean advance(TaskState task, Round round, ExecutorService workers) {
    boolean pending = task.status() == TaskStatus.PENDING;
    if (pending && (round.held.isPresent() || steering.pauses())) {
      round.pausing |= steering.pauses();
      return false; // What holds one task up mostly holds up the next one too.
    }
    if (!pending && steering.skips(task) && task.lessons().leaving().isEmpty()) {
      journal.state().openSteps().stream()
          .filter(open -> open.task().equals(task.id()))
          .forEach(journal::note);
      journal.note(new RunEvent.SkipRequested(task.id(), "skipped by key"));
      return true;
    }
    if (!pending && RunEngine.tell(steering, task, journal)) {
      return true;
    }
    Step step =
        journal
            .state()
            .next(
                task.id(),
                plan,
                steering.time(Optional.of(task.id()), around.clock().instant()),
                plan.settings().jobs() > 1,
                inFlight());
    return switch (step) {
      case Step.Note note -> heed(note, round);
      case Step.AwaitTurn _, Step.End() -> false;
      case Step.Effect effect -> begin(task.id(), effect, workers);
    };
  }

  private InFlight inFlight() {
    InFlight all = InFlight.NOTHING;
    for (Doing one : doing.values()) {
      if (one.step() instanceof Step.AskModel ask) {
        all = all.plus(TokenEstimate.of(ask.request()));
      }
    }
    return all;
  }

  private boolean heed(Step.Note note, Round round) {
    return switch (note.events().getLast()) {
      // Another task may have another provider, or be about to be merged.
      case RunEvent.RunPaused pause
          when pause.reason() == PauseReason.QUOTA || pause.reason() == PauseReason.BUDGET -> {
        round.hold(note);
        yield false;
      }
      case RunEvent.RunPaused pause -> {
        note.events().subList(0, note.events().size() - 1).forEach(journal::note);
        stopping = Optional.of(pause);
        yield true;
      }
      case RunEvent.RunFailed _ -> {
        round.hold(note);
        yield false;
      }
      default -> note(note);
    };
  }

  private boolean note(Step.Note note) {
    if (note.events().getLast() instanceof RunEvent.RunPaused) {
      journal.state().openSteps().forEach(journal::note);
    }
    note.events().forEach(journal::note);
    for (RunEvent event : note.events()) {
      if (event instanceof RunEvent.OfTask ofTask) {
        tidy(journal.state().tasks().task(ofTask.task()));
      }
    }
    return true;
  }

  /** A task that is over needs no worktree. */
  private void tidy(TaskState task) {
    if (!task.status().isFinal() || task.worktree().isEmpty()) {
      return;
    }
    journal.write();
    try {
      around
          .worktrees()
          .close(
              journal.state().run(),
              plan.task(task.id()),
              task.worktree().filter(Worktree::isMerged).isEmpty());
    } catch (EnvironmentException leftOver) {
      // The task is over all the same; the next run removes it, or says why it cannot.
    }
  }

  /** When the tasks under way are over, and noted, so that a run that ends here is gone on with. */
  private boolean standStill() {
    note(new Step.Note(List.of(paused(PauseReason.INTERRUPTED, "paused by key"))));
    journal.write();
    if (steering.standStill()) {
      journal.note(new RunEvent.RunResumed("gone on by key", List.of()));
    }
    return true;
  }

  private static RunEvent.RunPaused paused(PauseReason reason, String message) {
    return new RunEvent.RunPaused(reason, message, Optional.empty());
  }

  private boolean begin(TaskId task, Step.Effect step, ExecutorService workers) {
    Doing begun = new Doing(step);
    if (doing.values().stream().anyMatch(begun::excludes)) {
      return false;
    }
    doing.put(task, begun);
    StopSignal cut = steering.begin(step, Optional.of(task));
    Plan placed = placed(task, step);
    workers.execute(() -> perform(task, step, placed, cut));
    return true;
  }

  /** What goes into git goes into the user's repository; all else is done in the worktree. */
  private Plan placed(TaskId id, Step.Effect step) {
    boolean inFolder =
        switch (step) {
          case Step.Commit _, Step.Push _, Step.OpenWorktree _, Step.Merge _ -> true;
          default -> journal.state().tasks().task(id).worktree().isEmpty();
        };
    if (inFolder) {
      return plan;
    }
    Task task = plan.task(id);
    return plan.with(task.in(around.worktrees().place(journal.state().run(), task)));
  }

  private void perform(TaskId task, Step.Effect step, Plan placed, StopSignal cut) {
    Optional<RunEvent.RunPaused> trouble = Optional.empty();
    Throwable broken = null;
    try {
      new StepRunner(around, placed, watcher, cut, journal).run(step);
    } catch (UsageException | EnvironmentException e) {
      trouble = Optional.of(paused(PauseReason.ENVIRONMENT, String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error e) {
      broken = e;
    }
    synchronized (journal) {
      Optional<RunEvent.RunPaused> met = trouble;
      stopping = stopping.or(() -> met);
      failure = failure == null ? broken : failure;
      doing.remove(task);
      steering.end(Optional.of(task));
      journal.notifyAll();
    }
  }
}
