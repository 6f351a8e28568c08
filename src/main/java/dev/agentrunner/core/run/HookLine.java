package dev.agentrunner.core.run;

import dev.agentrunner.core.task.Baseline;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.When;
import java.util.List;
import java.util.Optional;

/**
 * The hooks on one side of the agent: those that judge, one after the other until one fails, and
 * those that are run for its sake when one has.
 */
record HookLine(Position place, HookStage stage, List<HookId> judging, List<HookId> diagnosing) {

  static HookLine before(Position place) {
    return of(place, HookStage.PRE, place.task().gates().before());
  }

  static HookLine after(Position place) {
    return of(place, HookStage.POST, place.task().gates().after());
  }

  private static HookLine of(Position place, HookStage stage, List<HookId> hooks) {
    return new HookLine(
        place,
        stage,
        hooks.stream().filter(id -> !isForFailures(place, id)).toList(),
        hooks.stream().filter(id -> isForFailures(place, id)).toList());
  }

  private static boolean isForFailures(Position place, HookId id) {
    return place.plan().settings().hook(id).when() instanceof When.OnFailure;
  }

  /** The next one to be run; empty if all were. */
  Optional<Step> next(int passed) {
    return passed < judging.size() ? Optional.of(run(judging.get(passed))) : Optional.empty();
  }

  /** What is to be done before the failure of the hook after {@code passed} others counts. */
  Optional<Step> beforeItCounts(int passed) {
    if (consequence(passed) == Consequence.WARN) {
      return Optional.of(
          Step.Note.of(
              new RunEvent.HookWaived(
                  place.at().id(),
                  place.at().attempts(),
                  stage,
                  judging.get(passed),
                  "it failed, and that is only warned of")));
    }
    if (isKnown(passed)) {
      return Optional.of(
          Step.Note.of(
              new RunEvent.HookWaived(
                  place.at().id(),
                  place.at().attempts(),
                  stage,
                  judging.get(passed),
                  "it failed the same way before the task")));
    }
    int diagnosed = place.at().lessons().errands().diagnosed();
    return diagnosed < diagnosing.size()
        ? Optional.of(run(diagnosing.get(diagnosed)))
        : Optional.empty();
  }

  private boolean isKnown(int passed) {
    return place.at().stage().orElse(null) instanceof Stage.Judging judged
        && hook(passed).isPresent()
        && judged.failed().isPresent()
        && place.at().lessons().knows(judging.get(passed), judged.failed().get());
  }

  /** What is left to find out before the first attempt, or why there is to be none. */
  Optional<Step> baseline() {
    Baseline wanted = place.plan().settings().failSafe().baseline();
    if (wanted == Baseline.OFF || place.at().attempts() > 0) {
      return Optional.empty();
    }
    int known = place.at().lessons().known().size();
    if (known < judging.size()) {
      return Optional.of(
          new Step.RunHook(place.at().id(), 0, HookStage.BASELINE, judging.get(known)));
    }
    return place.at().lessons().failing().stream()
        .filter(_ -> wanted == Baseline.GREEN)
        .findFirst()
        .map(hook ->
            place.over(
                new RunEvent.TaskFailed(
                    place.at().id(),
                    "post-hook %s failed before the task was begun, and a green baseline is required"
                        .formatted(hook))));
  }

  /** What follows from the failure of the hook after {@code passed} others. */
  Consequence consequence(int passed) {
    return hook(passed)
        .map(place.plan().settings()::hook)
        .flatMap(Hook::onFailure)
        .orElse(stage == HookStage.PRE ? Consequence.ASK : Consequence.RETRY);
  }

  /** The list may have been edited since. */
  Optional<HookId> hook(int passed) {
    return passed < judging.size() ? Optional.of(judging.get(passed)) : Optional.empty();
  }

  /** Whether some hook stands behind what was judged: one was run, and passed. */
  boolean vouches() {
    return judging.size() > place.at().lessons().errands().waived();
  }

  private Step run(HookId hook) {
    return new Step.RunHook(place.at().id(), place.at().attempts(), stage, hook);
  }
}
