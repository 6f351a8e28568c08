package dev.agentrunner.core.run;

import dev.agentrunner.core.task.HookId;
import java.time.Duration;
import java.util.Optional;

/** Where a task goes on when its run is resumed: mostly where it was, but not blindly. */
final class ResumedStage {

  private ResumedStage() {}

  /** Hooks are counted by their place in the list, and another definition may list others. */
  static Stage fromTheFirstHook(Stage stage) {
    return switch (stage) {
      case Stage.Preparing ignored -> new Stage.Preparing(0, Optional.empty(), Optional.empty());
      case Stage.Judging(String summary, var passed, var open, var failed) ->
          new Stage.Judging(summary, 0, Optional.empty(), Optional.empty());
      case Stage.Asking(var escalation, var answer, Stage back) ->
          new Stage.Asking(escalation, answer, fromTheFirstHook(back));
      case Stage.Delivering delivering -> delivering;
      case Stage.Ready ready -> ready;
      case Stage.Talking talking -> talking;
    };
  }

  /** The stage a task goes on from when its run stood still for {@code pause}. */
  static Stage after(Duration pause, Stage stage) {
    return switch (stage) {
      case Stage.Talking(Conversation talk) -> new Stage.Talking(talk.resumed(pause));
      case Stage.Asking(Escalation asked, Optional<Decision> answer, Stage back) ->
          // Starting again by hand after the ground was found wanting is an answer: look at it
          // again.
          answer.isPresent() && asked.cause() == Escalation.Cause.PRE_HOOK
              ? back
              : new Stage.Asking(asked, Optional.empty(), back);
      case Stage.Judging(
              String summary,
              int passed,
              Optional<HookId> open,
              Optional<HookResult> failed) ->
          new Stage.Judging(summary, passed, open, failed.filter(ResumedStage::saysSomething));
      case Stage.Preparing preparing -> preparing;
      case Stage.Delivering delivering -> delivering;
      case Stage.Ready ready -> ready;
    };
  }

  /**
   * A hook that could not even be started is tried again on resume: somebody may have mended the
   * machine.
   */
  private static boolean saysSomething(HookResult result) {
    return !(result.end() instanceof HookResult.NotStarted);
  }
}
