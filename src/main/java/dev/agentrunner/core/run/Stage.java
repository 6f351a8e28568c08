package dev.agentrunner.core.run;

import dev.agentrunner.core.task.HookId;
import java.util.Optional;

/** Where a running task stands. */
public sealed interface Stage {

  /**
   * Its pre-hooks are run.
   *
   * @param passed how many did
   * @param open the one that was started and has not ended
   * @param failed the one that did not pass
   */
  record Preparing(int passed, Optional<HookId> open, Optional<HookResult> failed)
      implements Stage {}

  /** The next attempt can begin. */
  record Ready(Optional<Setback> setback) implements Stage {}

  /** The agent works. */
  record Talking(Conversation conversation) implements Stage {}

  /**
   * The agent says it is done; the post-hooks are run.
   *
   * @param summary the agent's words
   * @param passed how many did
   * @param open the one that was started and has not ended
   * @param failed the one that did not pass
   */
  record Judging(String summary, int passed, Optional<HookId> open, Optional<HookResult> failed)
      implements Stage {}

  /**
   * What was done goes into git.
   *
   * @param judged what the post-hooks say of it
   * @param branch that was committed to; empty before
   */
  record Delivering(Judging judged, Delivered at, String branch) implements Stage {

    /** How far it is. */
    public enum Delivered {
      COMMIT_DUE,
      COMMITTING,
      PUSH_DUE,
      PUSHING,
      /** It was begun, and its end is not known. */
      PUSH_IN_DOUBT,
      /** There is nothing more to do. */
      OVER
    }

    Delivering at(Delivered next) {
      return new Delivering(judged, next, branch);
    }

    Delivering committed(String to) {
      return new Delivering(judged, Delivered.PUSH_DUE, to);
    }

    /** Where it goes on after a cut: a commit can be found again, a push cannot. */
    Delivering interrupted() {
      return switch (at) {
        case COMMITTING -> at(Delivered.COMMIT_DUE);
        case PUSHING -> at(Delivered.PUSH_IN_DOUBT);
        case COMMIT_DUE, PUSH_DUE, PUSH_IN_DOUBT, OVER -> this;
      };
    }
  }

  /**
   * A person is asked.
   *
   * @param back where the task goes on if it is tried again
   */
  record Asking(Escalation escalation, Optional<Decision> answer, Stage back) implements Stage {}
}
