package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.HookEnded;
import dev.agentrunner.core.run.RunEvent.HookSkipped;
import dev.agentrunner.core.run.RunEvent.HookStarted;
import dev.agentrunner.core.task.HookId;
import java.util.Optional;

/** What a hook's event makes of its task. */
final class HookFold {

  private HookFold() {}

  static TaskState started(TaskState task, HookStarted started) {
    return task.at(
            isAside(started.stage())
                ? TaskFold.stage(task)
                : opened(TaskFold.stage(task), Optional.of(started.hook())))
        .kept(task.checkpoints().stale());
  }

  /** Whether such hooks are run without the task being any further for it. */
  private static boolean isAside(HookStage stage) {
    return stage == HookStage.DEFER || stage == HookStage.BASELINE;
  }

  static TaskState ended(TaskState task, HookEnded ended) {
    HookResult result = ended.result();
    Errands errands = task.lessons().errands();
    if (result.end() instanceof HookResult.Interrupted) {
      return task.at(opened(TaskFold.stage(task), Optional.empty()));
    }
    if (ended.stage() == HookStage.DEFER) {
      return with(task, errands.deferring());
    }
    if (ended.stage() == HookStage.BASELINE) {
      return task.learning(task.lessons().knowing(ended.hook(), result));
    }
    if (failed(TaskFold.stage(task)).isPresent()) {
      return with(task, errands.diagnosing(ended.hook(), result))
          .at(opened(TaskFold.stage(task), Optional.empty()));
    }
    return task.at(judged(task, result));
  }

  static TaskState skipped(TaskState task, HookSkipped skipped) {
    Errands errands = task.lessons().errands();
    if (skipped.stage() == HookStage.DEFER) {
      return with(task, errands.deferring());
    }
    return failed(TaskFold.stage(task)).isPresent()
        ? with(task, errands.diagnosing())
        : waived(task);
  }

  /** The hook whose turn it is does not stand in the way. */
  static TaskState waived(TaskState task) {
    Stage next =
        switch (TaskFold.stage(task)) {
          case Stage.Preparing(int passed, var open, var failed) ->
              new Stage.Preparing(passed + 1, Optional.empty(), Optional.empty());
          case Stage.Judging(String summary, int passed, var open, var failed) ->
              new Stage.Judging(summary, passed + 1, Optional.empty(), Optional.empty());
          case Stage other -> throw new IllegalStateException("a hook is waived while " + other);
        };
    return with(task, task.lessons().errands().waiving()).at(next);
  }

  private static TaskState with(TaskState task, Errands now) {
    return task.learning(task.lessons().with(now));
  }

  private static Optional<HookResult> failed(Stage stage) {
    return switch (stage) {
      case Stage.Preparing preparing -> preparing.failed();
      case Stage.Judging judging -> judging.failed();
      case Stage other -> Optional.empty();
    };
  }

  /** With that hook under way, or none. */
  static Stage opened(Stage stage, Optional<HookId> open) {
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

  private static Stage judged(TaskState task, HookResult result) {
    int more = result.passed() ? 1 : 0;
    Optional<HookResult> failed = result.passed() ? Optional.empty() : Optional.of(result);
    return switch (TaskFold.stage(task)) {
      case Stage.Preparing(int passed, var open, var before) ->
          new Stage.Preparing(passed + more, Optional.empty(), failed);
      case Stage.Judging(String summary, int passed, var open, var before) ->
          new Stage.Judging(summary, passed + more, Optional.empty(), failed);
      case Stage other -> throw new IllegalStateException("a hook ended while " + other);
    };
  }
}
