package dev.agentrunner.engine;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.Optional;

/**
 * Plays runs: decide, write down, do, write down. One engine plays one run at a time, on the
 * calling thread; the only thing that may be touched meanwhile is the {@link StopSignal} it was
 * given.
 */
public final class RunEngine {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;

  public RunEngine(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop) {
    this.around = around;
    this.plan = plan;
    this.watcher = new MaskedWatcher(around.mask(), watcher);
    this.stop = stop;
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
    StepRunner steps = new StepRunner(around, plan, watcher, stop, journal);
    while (true) {
      switch (journal.state().next(plan, around.clock().instant())) {
        case Step.Note(List<RunEvent> events) -> events.forEach(journal::note);
        case Step.End() -> {
          journal.write();
          return journal.state();
        }
        case Step.Effect step -> perform(step, steps, journal);
      }
    }
  }

  private void perform(Step.Effect step, StepRunner steps, Journal journal) {
    if (stop.requested()) {
      pause(PauseReason.INTERRUPTED, "asked to stop", journal);
      return;
    }
    try {
      steps.run(step);
    } catch (UsageException | EnvironmentException trouble) {
      // The run stands where it is; the journal says so, unless it is the journal that is broken.
      pause(PauseReason.ENVIRONMENT, String.valueOf(trouble.getMessage()), journal);
    }
  }

  private static void pause(PauseReason reason, String message, Journal journal) {
    journal.state().openSteps().forEach(journal::note);
    journal.note(new RunEvent.RunPaused(reason, message, Optional.empty()));
  }
}
