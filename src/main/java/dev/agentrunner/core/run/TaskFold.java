package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.run.Stage.Delivering.Delivered;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What an event makes of the task it is about. */
final class TaskFold {

  private TaskFold() {}

  static TaskState of(TaskState task, RunEvent.OfTask event, Instant when) {
    return switch (event) {
      case RunEvent.TaskStarted(TaskId _) -> task.started(when);
      case RunEvent.TaskCompleted e ->
          task.over(TaskStatus.COMPLETED, e.summary(), e.verified(), when);
      case RunEvent.TaskFailed e -> task.over(TaskStatus.FAILED, e.reason(), false, when);
      case RunEvent.TaskSkipped e -> task.over(TaskStatus.SKIPPED, e.reason(), false, when);
      case RunEvent.TaskBlocked e -> task.over(TaskStatus.BLOCKED, "needs " + e.by(), false, when);
      case RunEvent.LimitReached _ -> task;
      case RunEvent.ProviderLost _ -> task;
      case RunEvent.EscalationRaised e -> task.at(asking(task, e));
      case RunEvent.PersonAnswered e -> answered(task, e.decision());
      case RunEvent.OfAttempt ofAttempt -> attempted(task, ofAttempt, when);
    };
  }

  private static TaskState attempted(TaskState task, RunEvent.OfAttempt event, Instant when) {
    return switch (event) {
      case RunEvent.AttemptStarted e ->
          task.attempting(
              e.attempt(),
              new Stage.Talking(
                  Conversation.opening(e.provider(), e.model(), e.session(), e.prompt(), when)));
      case RunEvent.AgentFinished e ->
          task.at(new Stage.Judging(e.summary(), 0, Optional.empty(), Optional.empty()));
      case RunEvent.AttemptFailed e -> task.at(setBack(task, e));
      case RunEvent.CheckpointTaken e -> kept(task, e);
      case RunEvent.FolderRestored e -> task.kept(task.checkpoints().putBack());
      case RunEvent.HookStarted e ->
          task.at(opened(stage(task), Optional.of(e.hook()))).kept(task.checkpoints().stale());
      case RunEvent.HookEnded e -> task.at(hookEnded(task, e.result()));
      case RunEvent.ModelAsked e -> talk(e, task, Conversation::asking);
      case RunEvent.ModelReplied e ->
          talk(e, remember(task, e.reply().echo()), talk -> talk.hearing(e.reply()))
              .spending(e.reply().usage());
      case RunEvent.ModelFailed e ->
          talk(e, remember(task, e.session()), talk -> talk.failing(e, when)).spending(e.usage());
      case RunEvent.ProviderSwitched e ->
          talk(e, task, talk -> talk.movedTo(e.provider(), e.model(), e.fresh()));
      case RunEvent.ToolCalled e -> talk(e, task, talk -> talk.calling(e));
      case RunEvent.ApprovalRequested e -> talk(e, task, talk -> talk.requesting(e, when));
      case RunEvent.ApprovalGiven e -> talk(e, task, talk -> talk.consenting(e, when));
      case RunEvent.ToolReturned e -> talk(e, task, talk -> talk.answering(e.result()));
      case RunEvent.EditApplied e -> talk(e, task, talk -> talk.answering(e.result()));
      case RunEvent.EditRefused e -> talk(e, task, talk -> talk.answering(e.result()));
      case RunEvent.GitCommitting e -> deliver(e, task, at -> at.at(Delivered.COMMITTING));
      case RunEvent.GitCommitted e -> deliver(e, task, at -> at.committed(e.branch()));
      case RunEvent.GitPushing e -> deliver(e, task, at -> at.at(Delivered.PUSHING));
      case RunEvent.GitPushed e -> deliver(e, task, at -> at.at(Delivered.OVER));
      case RunEvent.GitDeclined e -> deliver(e, task, at -> at.at(Delivered.OVER));
      case RunEvent.StepInterrupted e -> task.at(opened(stage(task), Optional.empty()));
    };
  }

  private static TaskState kept(TaskState task, RunEvent.CheckpointTaken taken) {
    TaskState now = task.kept(task.checkpoints().with(taken));
    if (taken.when() != Moment.BEFORE) {
      return now;
    }
    Optional<Lessons.Trial> last =
        stage(task) instanceof Stage.Ready(Optional<Setback> setback)
            ? setback.flatMap(one -> task.lessons().trial(task, one))
            : Optional.empty();
    return now.learning(
        task.lessons().opening(new Lessons.Opened(taken.attempt(), taken.tree()), last));
  }

  private static Stage asking(TaskState task, RunEvent.EscalationRaised raised) {
    Stage back =
        switch (stage(task)) {
          case Stage.Preparing(int passed, var open, var failed) ->
              new Stage.Preparing(passed, Optional.empty(), Optional.empty());
          case Stage.Delivering delivering -> delivering.at(Delivered.PUSH_DUE);
          case Stage other -> other;
        };
    return new Stage.Asking(raised.escalation(), Optional.empty(), back);
  }

  private static TaskState answered(TaskState task, Decision decision) {
    if (!(stage(task) instanceof Stage.Asking(Escalation asked, var ignored, Stage back))) {
      throw new IllegalStateException("an answer to no question: " + task.id());
    }
    if (decision != Decision.RETRY) {
      return task.at(new Stage.Asking(asked, Optional.of(decision), back));
    }
    TaskState again = task.at(back);
    return switch (asked.cause()) {
      case ATTEMPTS_USED_UP -> again.granting(1).learning(task.lessons().forgetting());
      case NO_PROGRESS -> again.learning(task.lessons().forgetting());
      case PRE_HOOK, PUSH_IN_DOUBT -> again;
    };
  }

  private static TaskState deliver(
      RunEvent.OfAttempt event, TaskState task, UnaryOperator<Stage.Delivering> change) {
    return task.at(change.apply(delivering(stage(task), event.type())));
  }

  private static Stage.Delivering delivering(Stage stage, String type) {
    return switch (stage) {
      case Stage.Judging judged -> new Stage.Delivering(judged, Delivered.COMMIT_DUE, "");
      case Stage.Delivering delivering -> delivering;
      case Stage.Asking(var asked, var answer, Stage.Delivering back) -> back;
      case Stage other -> throw new IllegalStateException(type + " while " + other);
    };
  }

  private static Stage setBack(TaskState task, RunEvent.AttemptFailed failed) {
    Optional<HookResult> gate =
        switch (stage(task)) {
          case Stage.Judging judged -> judged.failed();
          case Stage.Delivering delivering -> delivering.judged().failed();
          case Stage other -> Optional.empty();
        };
    String detail = gate.map(HookResult::output).orElse("");
    return new Stage.Ready(Optional.of(new Setback(failed.reason(), detail)));
  }

  private static Stage opened(Stage stage, Optional<HookId> open) {
    return switch (stage) {
      case Stage.Preparing(int passed, Optional<HookId> was, Optional<HookResult> failed) ->
          new Stage.Preparing(passed, open, failed);
      case Stage.Judging(
              String summary,
              int passed,
              Optional<HookId> was,
              Optional<HookResult> failed) ->
          new Stage.Judging(summary, passed, open, failed);
      case Stage.Talking(Conversation talk) ->
          open.isPresent() ? stage : new Stage.Talking(talk.interrupted());
      case Stage.Delivering delivering -> delivering.interrupted();
      case Stage.Ready ready -> ready;
      case Stage.Asking asking -> asking;
    };
  }

  private static Stage hookEnded(TaskState task, HookResult result) {
    if (result.end() instanceof HookResult.Interrupted) {
      return opened(stage(task), Optional.empty());
    }
    int more = result.passed() ? 1 : 0;
    Optional<HookResult> failed = result.passed() ? Optional.empty() : Optional.of(result);
    return switch (stage(task)) {
      case Stage.Preparing(int passed, var open, var before) ->
          new Stage.Preparing(passed + more, Optional.empty(), failed);
      case Stage.Judging(String summary, int passed, var open, var before) ->
          new Stage.Judging(summary, passed + more, Optional.empty(), failed);
      case Stage other -> throw new IllegalStateException("a hook ended while " + other);
    };
  }

  private static TaskState talk(
      RunEvent.OfAttempt event, TaskState task, UnaryOperator<Conversation> change) {
    if (stage(task) instanceof Stage.Talking(Conversation talk)) {
      return task.at(new Stage.Talking(change.apply(talk)));
    }
    throw new IllegalStateException(event.type() + " outside of a conversation");
  }

  /** Keeps what stands for the whole conversation, so that the next attempt can go on with it. */
  private static TaskState remember(TaskState task, Optional<Echo> echo) {
    return echo.isPresent()
            && echo.get().whole()
            && stage(task) instanceof Stage.Talking(Conversation talk)
        ? task.remembering(new Session(talk.provider(), talk.model(), echo.get()))
        : task;
  }

  private static Stage stage(TaskState task) {
    return task.stage()
        .orElseThrow(() -> new IllegalStateException("the task is not running: " + task.id()));
  }
}
