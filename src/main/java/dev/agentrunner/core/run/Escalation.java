package dev.agentrunner.core.run;

import dev.agentrunner.core.task.FailSafe;
import dev.agentrunner.core.task.TaskId;

/**
 * A question only a person can settle.
 *
 * @param summary what went wrong, for people; several lines
 */
public record Escalation(TaskId task, Cause cause, String summary) {

  /** Why the run cannot settle it alone. */
  public enum Cause {
    /** A pre-hook failed: the ground is not as the task needs it. */
    PRE_HOOK,
    /** A post-hook failed that is not to be settled by another attempt. */
    POST_HOOK,
    /** Every attempt the task may have was made, and none passed. */
    ATTEMPTS_USED_UP,
    /** Two attempts came to the very same, so a third one is not bought. */
    NO_PROGRESS,
    /**
     * What it did and what other tasks did do not fit together, and the agent could not help it.
     */
    MERGE,
    /** The agent needs to be told something before it can go on. */
    QUESTION,
    /** A push was begun, and nobody knows whether it went through. */
    PUSH_IN_DOUBT
  }

  /** The answer when nobody is there to give one. */
  public Decision unattended(FailSafe failSafe) {
    return failSafe
        .unattended()
        .map(policy ->
            switch (policy) {
              case ABORT -> Decision.ABORT;
              case PARK -> Decision.PARK;
              case SKIP -> Decision.SKIP;
              case FAIL -> Decision.FAIL;
            })
        .orElseGet(() ->
            switch (cause) {
              case PRE_HOOK, PUSH_IN_DOUBT -> Decision.ABORT;
              case QUESTION -> Decision.PARK;
              case POST_HOOK, ATTEMPTS_USED_UP, NO_PROGRESS, MERGE -> Decision.FAIL;
            });
  }
}
