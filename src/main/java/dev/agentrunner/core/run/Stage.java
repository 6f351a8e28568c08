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
   * A person is asked.
   *
   * @param back where the task goes on if it is tried again
   */
  record Asking(Escalation escalation, Optional<Decision> answer, Stage back) implements Stage {}
}
