package dev.agentrunner.core.run;

import dev.agentrunner.core.task.HookId;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind a task that is called done.
 *
 * @param ran the post-hooks of its last attempt, in the order they were run
 * @param tree how its folder looked when it was over; empty if that was not kept
 * @param stale whether the folder looks otherwise now; empty if nobody looked, or nobody can tell
 */
public record Evidence(List<Ran> ran, Optional<TreeId> tree, Optional<Boolean> stale) {

  public static final Evidence NONE = new Evidence(List.of(), Optional.empty(), Optional.empty());

  public Evidence {
    ran = List.copyOf(ran);
  }

  /**
   * A hook that was run.
   *
   * @param command as a person would type it; empty in old logs
   * @param attempt 0 outside of attempts
   */
  public record Ran(HookId hook, String command, int attempt, HookResult result) {}

  public Evidence stale(boolean differs) {
    return new Evidence(ran, tree, Optional.of(differs));
  }
}
