package dev.agentrunner.core.run;

import dev.agentrunner.core.task.HookId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was learnt about a task on the way, as far as it decides what comes next, or what the next
 * attempt is told.
 *
 * @param opened how the folder looked before the attempt under way
 * @param before the last attempt but the present one, if it came to nothing
 * @param known post-hooks that were run before the first attempt, in that order
 * @param leaving why somebody wants it left alone, if somebody does
 * @param advice what a person wants the next attempts to be told on top of the task
 */
public record Lessons(
    Optional<Opened> opened,
    Optional<Trial> before,
    Errands errands,
    List<Known> known,
    Optional<String> leaving,
    Optional<String> advice) {

  public static final Lessons NONE =
      new Lessons(
          Optional.empty(),
          Optional.empty(),
          Errands.NONE,
          List.of(),
          Optional.empty(),
          Optional.empty());

  public Lessons {
    known = List.copyOf(known);
  }

  /**
   * What a post-hook came to before the first attempt.
   *
   * @param failure as {@link FailureText} has it; empty if it passed
   */
  public record Known(HookId hook, Optional<String> failure) {}

  /** The folder before an attempt. */
  public record Opened(int attempt, TreeId tree) {}

  /**
   * An attempt that came to nothing.
   *
   * @param idle whether it left the folder as it was
   * @param tree how it left it
   * @param failure what it failed with, as {@link FailureText} has it
   */
  public record Trial(int attempt, boolean idle, TreeId tree, String failure) {}

  /** Before the next attempt: the last one becomes the one to compare with. */
  Lessons opening(Opened next, Optional<Trial> last) {
    boolean again = before.filter(trial -> trial.attempt() >= next.attempt() - 1).isPresent();
    return new Lessons(Optional.of(next), again ? before : last, errands, known, leaving, advice);
  }

  /** The attempt that has just failed; empty if it is not known how the folder looked. */
  Optional<Trial> trial(TaskState at, Setback setback) {
    return opened
        .filter(open -> open.attempt() == at.attempts())
        .flatMap(open ->
            at.checkpoints()
                .after()
                .map(tree ->
                    new Trial(
                        at.attempts(),
                        tree.equals(open.tree()),
                        tree,
                        FailureText.of(setback).text())));
  }

  /** Somebody wants the task left alone. */
  Lessons leaving(String reason) {
    return new Lessons(opened, before, errands, known, Optional.of(reason), advice);
  }

  /** With nothing to compare with: somebody wants another attempt all the same. */
  Lessons forgetting() {
    return new Lessons(opened, Optional.empty(), errands, known, leaving, advice);
  }

  /** With what the next attempts are told, in place of what they were told before. */
  Lessons advising(String words) {
    return new Lessons(opened, before, errands, known, leaving, Optional.of(words));
  }

  Lessons with(Errands now) {
    return new Lessons(opened, before, now, known, leaving, advice);
  }

  Lessons knowing(HookId hook, HookResult result) {
    List<Known> more = new ArrayList<>(known);
    more.add(
        new Known(
            hook,
            result.passed() ? Optional.empty() : Optional.of(FailureText.strictly(result).text())));
    return new Lessons(opened, before, errands, more, leaving, advice);
  }

  /** Whether the hook failed in the very same way before the first attempt. */
  boolean knows(HookId hook, HookResult result) {
    Optional<String> failure = Optional.of(FailureText.strictly(result).text());
    return known.contains(new Known(hook, failure));
  }

  /** The post-hooks that failed before the first attempt. */
  public List<HookId> failing() {
    return known.stream().filter(one -> one.failure().isPresent()).map(Known::hook).toList();
  }

  /** Why one more attempt would be wasted; empty if it would not. */
  Optional<String> standstill(Trial last) {
    return before
        .filter(trial -> trial.attempt() == last.attempt() - 1)
        .flatMap(trial -> {
          if (trial.idle() && last.idle()) {
            return Optional.of(
                "attempts %d and %d changed no file".formatted(trial.attempt(), last.attempt()));
          }
          return trial.tree().equals(last.tree()) && trial.failure().equals(last.failure())
              ? Optional.of(
                  "attempts %d and %d left the same files and failed the same way"
                      .formatted(trial.attempt(), last.attempt()))
              : Optional.empty();
        });
  }
}
