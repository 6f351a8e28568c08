package dev.agentrunner.cli;

import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Worktrees;
import java.util.List;

/**
 * Tasks that may be worked on at once.
 *
 * @param tasks that may be worked on
 */
record ParallelTasks(Settings settings, List<Task> tasks) {

  /**
   * Finds out before anything is started whether they can be.
   *
   * @throws UsageException if not; says what to do
   */
  void check(Worktrees worktrees) {
    if (settings.jobs() == 1) {
      return;
    }
    if (settings.git().branch().isPresent()) {
      throw new UsageException(
          "git.branch does not go together with several jobs, which are merged into the branch that is checked out; check out a branch of your own first and take git.branch out, or do one task after the other with --jobs 1");
    }
    for (Task task : tasks) {
      if (task.delivery().proposed()) {
        throw new UsageException(
            "task %s is only proposed, and proposals are made one after the other; do it without propose, or with --jobs 1"
                .formatted(task.id()));
      }
    }
    worktrees.check(tasks);
  }
}
