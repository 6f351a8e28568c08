package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Delivery.CommitAfter;
import dev.agentrunner.core.task.OnTamper;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
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
    HookLine line = HookLine.after(place);
    CommitAfter due = commitAfter();
    if (judging.failed().isEmpty()) {
      return line.next(judging.passed())
          .or(() -> place.checkpoint(at.attempts(), Moment.AFTER))
          .or(() -> new MergeStep(place).due())
          .orElseGet(() -> due == CommitAfter.OFF ? conclude(judging) : commit(judging));
    }
    if (judging.failed().get().end() instanceof HookResult.NotStarted(String why)
        && line.consequence(judging.passed()) != Consequence.WARN) {
      return Position.pause(
          PauseReason.ENVIRONMENT,
          "post-hook%s of %s could not be started: %s"
              .formatted(name(judging), place.task().id(), why),
          Optional.empty());
    }
    return line.beforeItCounts(judging.passed())
        .or(() ->
            due == CommitAfter.ATTEMPT
                ? place.checkpoint(at.attempts(), Moment.AFTER)
                : Optional.empty())
        .orElseGet(() -> due == CommitAfter.ATTEMPT ? commit(judging) : conclude(judging));
  }

  /** What is only in a worktree is not committed. */
  private CommitAfter commitAfter() {
    CommitAfter wanted = place.task().delivery().commitAfter();
    return wanted == CommitAfter.ATTEMPT && place.at().worktree().isPresent()
        ? CommitAfter.TASK
        : wanted;
  }

  private Step conclude(Stage.Judging judged) {
    HookLine line = HookLine.after(place);
    return failure(judged)
        .map(reason ->
            switch (line.consequence(judged.passed())) {
              case RETRY, WARN -> place.fail(reason);
              case BLOCK -> judgedFinally(new RunEvent.TaskFailed(place.at().id(), reason));
              case ASK ->
                  judgedFinally(raised(reason, judged.failed().map(HookResult::output).orElse("")));
            })
        .orElseGet(() ->
            place.over(
                new RunEvent.TaskCompleted(place.task().id(), line.vouches(), judged.summary())));
  }

  /** No other attempt follows by itself, so this is how the folder is left. */
  private Step judgedFinally(RunEvent.OfTask event) {
    return place
        .checkpoint(place.at().attempts(), Moment.AFTER)
        .orElseGet(
            () -> event instanceof RunEvent.TaskFailed ? place.over(event) : Step.Note.of(event));
  }

  private RunEvent.EscalationRaised raised(String reason, String output) {
    TaskId task = place.at().id();
    return new RunEvent.EscalationRaised(
        task, new Escalation(task, Escalation.Cause.POST_HOOK, reason + Position.tail(output)));
  }

  private Optional<String> failure(Stage.Judging judged) {
    boolean together =
        place
            .at()
            .worktree()
            .filter(own -> own.standing() == Worktree.Standing.CAUGHT_UP)
            .isPresent();
    return judged
        .failed()
        .map(result ->
            "%spost-hook%s: %s"
                .formatted(
                    together ? "together with what other tasks did meanwhile, " : "",
                    name(judged),
                    result.verdict()));
  }

  private String name(Stage.Judging judged) {
    return HookLine.after(place).hook(judged.passed()).map(id -> " " + id).orElse("");
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
