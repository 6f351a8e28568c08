package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.Worktree;
import dev.agentrunner.core.task.Task;

/** Where what a task has done so far is. */
record TaskPlaces(Workbench workbench, Prepared prepared) {

  /** The folder, as an absolute path: in a copy or a worktree, if that is where it works. */
  String folder(RunId run, TaskState at, Task defined) {
    Task placed =
        at.planned().proposed()
            ? defined.asProposal()
            : isApart(at) ? defined.in(workbench.worktrees(prepared).place(run, defined)) : defined;
    return workbench.places(prepared).folder(placed);
  }

  /** Whether it works in a worktree that is still needed. */
  static boolean isApart(TaskState at) {
    return at.worktree().filter(own -> !own.isMerged() && own.base().isPresent()).isPresent()
        && !at.status().isFinal();
  }

  /** Whether nothing of its work is in the user's folder, though it is over. */
  static boolean isLeftOut(TaskState at) {
    return at.status().isFinal()
        && at.worktree().filter(own -> own.standing() != Worktree.Standing.MERGED).isPresent();
  }
}
