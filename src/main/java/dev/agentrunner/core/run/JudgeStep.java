package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What comes next when the agent says it is done. */
record JudgeStep(Position place) {

  private static final int NAMED_MAX = 20;

  Step next(Stage.Judging judging) {
    return place.guard().or(this::tampered).orElseGet(() -> judge(judging));
  }

  private Optional<Step> tampered() {
    return place.task().gates().onTamper() == OnTamper.FAIL
        ? place
            .at()
            .checkpoints()
            .guarded()
            .of(place.at().attempts())
            .filter(found -> !found.suspicions().isEmpty())
            .map(found -> place.fail(JudgeStep.takeBack(found)))
        : Optional.empty();
  }

  private static String takeBack(TamperFound found) {
    int named = Math.min(NAMED_MAX, found.suspicions().size());
    int more = found.suspicions().size() - named + found.more();
    return "the checks may have been weakened, which this task does not allow. Take this back: "
        + found.suspicions().stream()
            .limit(named)
            .map(Suspicion::shown)
            .collect(Collectors.joining("; "))
        + (more == 0 ? "" : "; and %d more like these".formatted(more));
  }

  private Step judge(Stage.Judging judging) {
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
