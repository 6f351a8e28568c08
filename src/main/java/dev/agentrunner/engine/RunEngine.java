package dev.agentrunner.engine;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.SkipStep;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Plays runs: decide, write down, do, write down. One engine plays one run at a time, on the
 * calling thread; the only things that may be touched meanwhile are the {@link StopSignal} and the
 * {@link Steering} it was given.
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
        case Step.Effect step -> perform(step, journal);
      }
    }
  }

  private Step next(Journal journal) {
    Instant now = steering.time(around.clock().instant());
    RunState state = journal.state();
    Optional<TaskState> skipped =
        state.tasks().current().filter(task -> steering.skips(task) && state.pause().isEmpty());
    if (skipped.isEmpty()) {
      return state.next(plan, now);
    }
    state.openSteps().forEach(journal::note);
    RunState closed = journal.state();
    return new SkipStep(plan, "skipped by key")
        .next(closed, closed.tasks().task(skipped.get().id()), now);
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
    StopSignal cut = steering.begin(step, journal.state().tasks().current());
    try {
      new StepRunner(around, plan, watcher, cut, journal).run(step);
    } catch (UsageException | EnvironmentException trouble) {
      // The run stands where it is; the journal says so, unless it is the journal that is broken.
      pause(PauseReason.ENVIRONMENT, String.valueOf(trouble.getMessage()), journal);
    } finally {
      steering.end();
    }
  }

  private static void pause(PauseReason reason, String message, Journal journal) {
    journal.state().openSteps().forEach(journal::note);
    journal.note(new RunEvent.RunPaused(reason, message, Optional.empty()));
  }
}
