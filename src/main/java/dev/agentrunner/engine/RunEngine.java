package dev.agentrunner.engine;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Optional;

/**
 * Plays runs: decide, write down, do, write down. One engine plays one run at a time, on the
 * calling thread, and several tasks at once in {@link Lanes}; the only things that may be touched
 * meanwhile are the {@link StopSignal} and the {@link Steering} it was given.
 */
public final class RunEngine {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;
  private final Steering steering;

  public RunEngine(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop) {
    this(around, plan, watcher, stop, new Steering(stop));
  }

  /**
   * @param steering made of {@code stop}
   */
  public RunEngine(
      Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Steering steering) {
    this.around = around;
    this.plan = plan;
    this.watcher = new MaskedWatcher(around.mask(), watcher);
    this.stop = stop;
    this.steering = steering;
  }

  /**
   * Begins a run and plays it until it is over or stands still.
   *
   * @throws EnvironmentException if the log cannot be written; what stands in it so far is safe
   */
  public RunState begin(RunId run, RunStarted started) {
    Journal journal = journal(RunState.empty(run));
    journal.note(started);
    warn(journal);
    return play(journal);
  }

  /**
   * Goes on with a run that stands still or was cut off.
   *
   * @param state as its log has it
   * @param decision what was found and what is done about it, for people
   * @param changed tasks that are defined otherwise now
   * @throws EnvironmentException as {@link #begin}
   */
  public RunState resume(RunState state, String decision, List<RunStarted.Planned> changed) {
    Journal journal = journal(state);
    journal.note(new RunEvent.RunResumed(decision, changed));
    warn(journal);
    noteOpenSteps(state, journal);
    return play(journal);
  }

  /**
   * Writes down what a person decided about tasks of a run that nobody plays; it can be gone on
   * with.
   *
   * @param why for whoever asks why it stands still
   */
  public RunState amend(RunState state, List<RunEvent> decided, String why) {
    Journal journal = journal(state);
    if (!state.status().isFinal()) {
      noteOpenSteps(state, journal);
    }
    decided.forEach(journal::note);
    journal.note(new RunEvent.RunPaused(PauseReason.INTERRUPTED, why, Optional.empty()));
    journal.write();
    return journal.state();
  }

  /** Ends a run that is not over, for good; nothing more is done in it. */
  public RunState cancel(RunState state, String reason) {
    Journal journal = journal(state);
    noteOpenSteps(state, journal);
    journal.note(new RunEvent.RunCanceled(reason));
    journal.write();
    return journal.state();
  }

  /** A run that was stopped in good order noted them when it was. */
  private static void noteOpenSteps(RunState state, Journal journal) {
    if (state.pause().isEmpty()) {
      state.openSteps().forEach(journal::note);
    }
  }

  private void warn(Journal journal) {
    if (!plan.settings().allowance().heeded()) {
      journal.note(
          new RunEvent.RunWarned(
              "rate_limits and budget are ignored, as was asked; calls are counted all the same."));
    }
    if (plan.settings().tools().sandbox() == Sandboxing.OFF) {
      journal.note(
          new RunEvent.RunWarned(
              "sandbox: off: nothing but the rules of run_command holds the agent's commands back."));
    }
  }

  private Journal journal(RunState state) {
    return new Journal(
        around.log(), around.clock(), watcher, new MaskedEvents(around.mask()), state);
  }

  private RunState play(Journal journal) {
    if (Lanes.areNeeded(plan, journal.state())) {
      return new Lanes(around, plan, watcher, stop, steering, journal).play();
    }
    while (true) {
      switch (next(journal)) {
        case Step.Note(List<RunEvent> events)
            when events.getFirst() instanceof RunEvent.TaskStarted && steering.pauses() ->
            standStill(journal);
        case Step.Note(List<RunEvent> events) -> events.forEach(journal::note);
        case Step.End() -> {
          journal.write();
          return journal.state();
        }
        case Step.AwaitTurn wait ->
            throw new IllegalStateException("nobody else is worked on: " + wait.task());
        case Step.Effect step -> perform(step, journal);
      }
    }
  }

  private Step next(Journal journal) {
    RunState state = journal.state();
    if (state.pause().isEmpty()) {
      state.tasks().current().ifPresent(task -> tell(steering, task, journal));
    }
    state
        .tasks()
        .current()
        .filter(task -> steering.skips(task) && task.lessons().leaving().isEmpty())
        .filter(_ -> state.pause().isEmpty())
        .ifPresent(task -> {
          state.openSteps().forEach(journal::note);
          journal.note(new RunEvent.SkipRequested(task.id(), "skipped by key"));
        });
    Optional<TaskId> current = journal.state().tasks().current().map(TaskState::id);
    return journal.state().next(plan, steering.time(current, around.clock().instant()));
  }

  /** Has the agent hear what somebody says, once that is written down. */
  static boolean tell(Steering steering, TaskState task, Journal journal) {
    Optional<Steering.Word> word = steering.word(task);
    word.ifPresent(said -> {
      journal.note(new RunEvent.PersonTold(task.id(), said.text(), said.by()));
      journal.write();
      said.noted().run();
    });
    return word.isPresent();
  }

  /** Between two tasks, and noted, so that a run that ends here is gone on with later. */
  private void standStill(Journal journal) {
    pause(PauseReason.INTERRUPTED, "paused by key", journal);
    journal.write();
    if (steering.standStill()) {
      journal.note(new RunEvent.RunResumed("gone on by key", List.of()));
    }
  }

  private void perform(Step.Effect step, Journal journal) {
    if (stop.requested()) {
      pause(PauseReason.INTERRUPTED, "asked to stop", journal);
      return;
    }
    Optional<TaskId> current = journal.state().tasks().current().map(TaskState::id);
    steering.first(current);
    StopSignal cut = steering.begin(step, current);
    try {
      new StepRunner(around, plan, watcher, cut, journal).run(step);
    } catch (UsageException | EnvironmentException trouble) {
      // The run stands where it is; the journal says so, unless it is the journal that is broken.
      pause(PauseReason.ENVIRONMENT, String.valueOf(trouble.getMessage()), journal);
    } finally {
      steering.end(current);
    }
  }

  static void pause(PauseReason reason, String message, Journal journal) {
    journal.state().openSteps().forEach(journal::note);
    journal.note(new RunEvent.RunPaused(reason, message, Optional.empty()));
  }
}
