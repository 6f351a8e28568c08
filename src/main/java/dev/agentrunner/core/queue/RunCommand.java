package dev.agentrunner.core.queue;

import dev.agentrunner.core.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a person wants of a run that goes on. Kept before anybody is told, so that it outlives
 * whoever works on the run.
 *
 * @param number 1, 2, 3 … within the run
 * @param by name of the key it was asked with
 * @param doneAt when a worker had carried it out, or found that it could not
 */
public record RunCommand(
    RunId run, long number, Wish wish, String by, Instant at, Optional<Instant> doneAt) {

  /**
   * The one of {@code open}, oldest first, beside which {@code wish} would change nothing: asking
   * twice is asking once. What is told twice is meant twice.
   */
  public static Optional<RunCommand> covering(List<RunCommand> open, Wish wish) {
    return switch (wish) {
      case Wish.Cancel(_, boolean force) ->
          open.stream()
              .filter(command ->
                  command.wish() instanceof Wish.Cancel(_, boolean forced) && (forced || !force))
              .findFirst();
      case Wish.Pause _, Wish.Resume _, Wish.Decide _ ->
          // An older one does not count: what was wanted in between is to be undone.
          open.reversed().stream().limit(1).filter(last -> last.wish().equals(wish)).findFirst();
      case Wish.Tell _ -> Optional.empty();
    };
  }

  /** What is wanted. */
  public sealed interface Wish {

    /** Whether a run that waits is worked on for it; what is told can wait as well. */
    default boolean isUrgent() {
      return !(this instanceof Tell);
    }

    /**
     * End it.
     *
     * @param force without the time to end in good order
     */
    record Cancel(String reason, boolean force) implements Wish {}

    /** Stand still after the step that is under way. */
    record Pause() implements Wish {}

    /** Go on. */
    record Resume() implements Wish {}

    /**
     * The answer to a question that a task was parked with.
     *
     * @param choice {@code retry}, {@code skip}, {@code abort} or {@code answer}
     * @param text told to the agent; may be empty
     */
    record Decide(String task, String choice, String text) implements Wish {}

    /**
     * Something for the agent to know at its next turn.
     *
     * @param task that is meant; the one that is worked on, if empty
     */
    record Tell(Optional<String> task, String text) implements Wish {}
  }
}
