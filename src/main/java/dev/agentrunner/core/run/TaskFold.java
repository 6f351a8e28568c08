package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.run.Stage.Delivering.Delivered;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What an event makes of the task it is about. */
final class TaskFold {

  private TaskFold() {}

  static TaskState of(TaskState task, RunEvent.OfTask event, Instant when) {
    return switch (event) {
      case RunEvent.TaskStarted(TaskId _, boolean apart) ->
          apart ? task.started(when).apart(Worktree.DUE) : task.started(when);
      case RunEvent.TaskCompleted e ->
          task.over(TaskStatus.COMPLETED, e.summary(), e.verified(), when);
      case RunEvent.TaskFailed e -> task.over(TaskStatus.FAILED, e.reason(), false, when);
      case RunEvent.TaskSkipped e -> task.over(TaskStatus.SKIPPED, e.reason(), false, when);
      case RunEvent.TaskBlocked e -> task.over(TaskStatus.BLOCKED, "needs " + e.by(), false, when);
      case RunEvent.TaskReopened _ -> task.reopened();
      case RunEvent.WorktreeOpened e -> MergeFold.opened(task, e);
      case RunEvent.LimitReached _ -> task;
      case RunEvent.ProviderLost _ -> task;
      case RunEvent.EscalationRaised e -> asking(task, e.escalation());
      case RunEvent.PersonAnswered e -> answered(advised(task, e.advice()), e.decision());
      case RunEvent.SkipRequested e -> task.learning(task.lessons().leaving(e.reason()));
      case RunEvent.QuestionAnswered e -> told(task, e.text(), when);
      case RunEvent.PersonTold e -> heard(task, e.text());
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
          task.at(new Stage.Judging(e.summary(), 0, Optional.empty(), Optional.empty()))
              .learning(task.lessons().with(task.lessons().errands().judgingAgain()));
      case RunEvent.AttemptFailed e -> MergeFold.refused(task.at(setBack(task, e)));
      case RunEvent.CheckpointTaken e -> kept(task, e);
      case RunEvent.FolderRestored e -> task.kept(task.checkpoints().putBack());
      case RunEvent.TamperFound e -> task.kept(task.checkpoints().finding(e));
      case RunEvent.HookStarted e -> HookFold.started(task, e);
      case RunEvent.HookEnded e -> HookFold.ended(task, e);
      case RunEvent.HookSkipped e -> HookFold.skipped(task, e);
      case RunEvent.HookWaived e -> HookFold.waived(task);
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
      case RunEvent.MergeStarted e -> MergeFold.started(task, e);
      case RunEvent.MergeEnded e -> MergeFold.ended(task, e);
      case RunEvent.GitCommitting e -> deliver(e, task, at -> at.at(Delivered.COMMITTING));
      case RunEvent.GitCommitted e -> deliver(e, task, at -> at.committed(e.branch()));
      case RunEvent.GitPushing e -> deliver(e, task, at -> at.at(Delivered.PUSHING));
      case RunEvent.GitPushed e -> deliver(e, task, at -> at.at(Delivered.OVER));
      case RunEvent.GitDeclined e -> deliver(e, task, at -> at.at(Delivered.OVER));
      case RunEvent.StepInterrupted e -> task.at(HookFold.opened(stage(task), Optional.empty()));
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

  private static TaskState asking(TaskState task, Escalation asked) {
    Stage back =
        switch (stage(task)) {
          case Stage.Preparing(int passed, var open, var failed) ->
              new Stage.Preparing(passed, Optional.empty(), Optional.empty());
          case Stage.Judging(var summary, int passed, var open, var failed) ->
              ready(task, asked.summary().lines().findFirst().orElse(""), failed);
          case Stage.Delivering(Stage.Judging judged, var at, var branch)
              when asked.cause() == Escalation.Cause.POST_HOOK ->
              ready(task, asked.summary().lines().findFirst().orElse(""), judged.failed());
          case Stage.Delivering delivering -> delivering.at(Delivered.PUSH_DUE);
          case Stage other -> other;
        };
    TaskState now = MergeFold.refused(task.at(new Stage.Asking(asked, Optional.empty(), back)));
    return asked.cause() == Escalation.Cause.PRE_HOOK
        ? now.learning(task.lessons().with(task.lessons().errands().judgingAgain()))
        : now;
  }

  private static TaskState told(TaskState task, String text, Instant when) {
    if (stage(task) instanceof Stage.Asking(var asked, var answer, Stage.Talking(var talk))) {
      return task.at(new Stage.Talking(talk.told(asked.summary(), text, when)));
    }
    throw new IllegalStateException("an answer to no question: " + task.id());
  }

  private static TaskState advised(TaskState task, Optional<String> advice) {
    return advice.map(words -> task.learning(task.lessons().advising(words))).orElse(task);
  }

  private static TaskState heard(TaskState task, String text) {
    if (task.stage().orElse(null) instanceof Stage.Talking(Conversation talk)
        && talk.isTurnOfModel()) {
      return task.at(new Stage.Talking(talk.hearing(text)));
    }
    String advice = task.lessons().advice().map(before -> before + "\n\n" + text).orElse(text);
    return task.learning(task.lessons().advising(advice));
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
      case POST_HOOK, ATTEMPTS_USED_UP -> again.granting(1).learning(task.lessons().forgetting());
      case NO_PROGRESS -> again.learning(task.lessons().forgetting());
      case MERGE ->
          again
              .granting(1)
              .learning(task.lessons().forgetting())
              .apart(task.worktree().map(Worktree::forgiven).orElse(Worktree.DUE));
      case PRE_HOOK, QUESTION, PUSH_IN_DOUBT -> again;
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
    return ready(task, failed.reason(), gate);
  }

  private static Stage ready(TaskState task, String reason, Optional<HookResult> gate) {
    return new Stage.Ready(
        Optional.of(
            new Setback(
                reason,
                gate.map(HookResult::output).orElse(""),
                task.lessons().errands().diagnosis())));
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

  static Stage stage(TaskState task) {
    return task.stage()
        .orElseThrow(() -> new IllegalStateException("the task is not running: " + task.id()));
  }
}
