package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.AttemptFailed;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.Task;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a run is when it is asked what to do about a task, and the steps that can be called for
 * from anywhere.
 */
record Position(RunState state, Plan plan, Instant now, TaskState at, Task task) {

  ProviderChain chain() {
    return new ProviderChain(task.agent(), state.closed(), now);
  }

  /** The checkpoint that is due; empty if it is there, or none is wanted. */
  Optional<Step> checkpoint(int attempt, Moment when) {
    // A proposal is nothing but what differs between two of them.
    boolean wanted = plan.settings().checkpoints() || task.delivery().proposed();
    if (!wanted || at.checkpoints().has(attempt, when)) {
      return Optional.empty();
    }
    return Optional.of(new Step.TakeCheckpoint(at.id(), attempt, when, at.checkpoints().first()));
  }

  /** The look at what the agent did to its checks that is due before they are made. */
  Optional<Step> guard() {
    TaskCheckpoints checkpoints = at.checkpoints();
    return plan.settings().checkpoints() && checkpoints.guarded().attempts() < at.attempts()
        ? checkpoints
            .first()
            .map(tree ->
                new Step.GuardChecks(
                    at.id(),
                    at.attempts(),
                    tree,
                    checkpoints.guarded().of(at.attempts()).isPresent()))
        : Optional.empty();
  }

  /** What is left to put back of a task that is given up. */
  Optional<Step> putBack() {
    TaskCheckpoints checkpoints = at.checkpoints();
    return task.bounds().giveUp() == GiveUp.RESTORE && !checkpoints.restored()
        ? checkpoints.first().map(tree -> new Step.RestoreFolder(at.id(), at.attempts(), tree))
        : Optional.empty();
  }

  /** The attempt has come to nothing. */
  Step fail(String reason) {
    return Step.Note.of(new AttemptFailed(at.id(), at.attempts(), reason));
  }

  /** The task has come to nothing, and no other attempt would help. */
  Step giveUp(String reason) {
    return checkpoint(at.attempts(), Moment.AFTER)
        .or(this::putBack)
        .orElseGet(() -> Step.Note.of(new RunEvent.TaskFailed(at.id(), reason)));
  }

  static Step pause(PauseReason reason, String message, Optional<Instant> resumeAt) {
    return Step.Note.of(new RunEvent.RunPaused(reason, message, resumeAt));
  }
}
