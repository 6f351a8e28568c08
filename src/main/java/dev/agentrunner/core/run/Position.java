package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.AttemptFailed;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.GiveUp;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.When;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a run is when it is asked what to do about a task, and the steps that can be called for
 * from anywhere.
 */
record Position(
    RunState state, Plan plan, Instant now, TaskState at, Task task, InFlight inFlight) {

  ProviderChain chain() {
    return new ProviderChain(task.agent(), state.closed(), now);
  }

  /** The checkpoint that is due; empty if it is there, or none is wanted. */
  Optional<Step> checkpoint(int attempt, Moment when) {
    // A proposal is nothing but what differs between two of them.
    boolean wanted =
        plan.settings().checkpoints() || task.delivery().proposed() || at.worktree().isPresent();
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

  /** The task is over, once what is to be done at its end is done. */
  Step over(RunEvent.OfTask verdict) {
    boolean done = verdict instanceof RunEvent.TaskCompleted;
    List<HookId> hooks = task.gates().deferred();
    int deferred = at.lessons().errands().deferred();
    if (deferred < hooks.size()) {
      HookId hook = hooks.get(deferred);
      return done && plan.settings().hook(hook).when() instanceof When.OnFailure
          ? Step.Note.of(
              new RunEvent.HookSkipped(
                  at.id(), at.attempts(), HookStage.DEFER, hook, "the task did not fail"))
          : new Step.RunHook(at.id(), at.attempts(), HookStage.DEFER, hook);
    }
    // What such a hook changed is part of how the task left its folder.
    return (deferred > 0 && at.attempts() > 0 && !at.checkpoints().restored()
            ? checkpoint(at.attempts(), Moment.AFTER)
            : Optional.<Step>empty())
        .or(() -> done ? Optional.empty() : putBack())
        .orElseGet(() -> Step.Note.of(verdict));
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
        .orElseGet(() -> over(new RunEvent.TaskFailed(at.id(), reason)));
  }

  /** The end of what a hook printed, to go under a sentence about it. */
  static String tail(String output) {
    String stripped = output.strip();
    int from = Math.max(0, stripped.length() - 1000);
    return stripped.isEmpty() ? "" : "\n" + stripped.substring(from);
  }

  static Step pause(PauseReason reason, String message, Optional<Instant> resumeAt) {
    return Step.Note.of(new RunEvent.RunPaused(reason, message, resumeAt));
  }
}
