package dev.agentrunner.core.run;

import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import java.util.List;
import java.util.Optional;

/** What comes next when the agent says it is done. */
record JudgeStep(Position place) {

  Step next(Stage.Judging judging) {
    TaskState at = place.at();
    Task task = place.task();
    List<HookId> hooks = task.gates().after();
    CommitAfter due = task.delivery().commitAfter();
    if (judging.failed().isPresent()) {
      if (judging.failed().get().end() instanceof HookResult.NotStarted(String why)) {
        return Position.pause(
            PauseReason.ENVIRONMENT,
            "post-hook %s of %s could not be started: %s"
                .formatted(hooks.get(judging.passed()), task.id(), why),
            Optional.empty());
      }
      return due == CommitAfter.ATTEMPT
          ? place.checkpoint(at.attempts(), Moment.AFTER).orElseGet(() -> commit(judging))
          : conclude(judging);
    }
    if (judging.passed() < hooks.size()) {
      return new Step.RunHook(
          task.id(), at.attempts(), HookStage.POST, hooks.get(judging.passed()));
    }
    return place
        .checkpoint(at.attempts(), Moment.AFTER)
        .orElseGet(() -> due == CommitAfter.OFF ? conclude(judging) : commit(judging));
  }

  private Step conclude(Stage.Judging judged) {
    Task task = place.task();
    return failure(judged)
        .map(reason -> place.fail(reason))
        .orElseGet(() ->
            Step.Note.of(
                new RunEvent.TaskCompleted(
                    task.id(), !task.gates().after().isEmpty(), judged.summary())));
  }

  private Optional<String> failure(Stage.Judging judged) {
    List<HookId> hooks = place.task().gates().after();
    // The list of hooks may have been edited since.
    String hook = judged.passed() < hooks.size() ? " " + hooks.get(judged.passed()) : "";
    return judged.failed().map(result -> "post-hook%s: %s".formatted(hook, result.verdict()));
  }

  private Step commit(Stage.Judging judged) {
    return new Step.Commit(place.at().id(), place.at().attempts(), failure(judged));
  }

  /** Once all hooks have been run. */
  Step next(Stage.Delivering delivering) {
    TaskState at = place.at();
    Task task = place.task();
    return switch (delivering.at()) {
      case COMMIT_DUE, COMMITTING -> commit(delivering.judged());
      case PUSH_DUE ->
          task.delivery().push()
              ? new Step.Push(at.id(), at.attempts(), delivering.branch())
              : conclude(delivering.judged());
      case PUSHING, PUSH_IN_DOUBT ->
          Step.Note.of(
              new RunEvent.EscalationRaised(
                  at.id(),
                  new Escalation(
                      at.id(),
                      Escalation.Cause.PUSH_IN_DOUBT,
                      "the push of %s was cut off, and may have gone through or not"
                          .formatted(delivering.branch()))));
      case OVER -> conclude(delivering.judged());
    };
  }
}
