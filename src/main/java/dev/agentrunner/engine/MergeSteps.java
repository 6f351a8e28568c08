package dev.agentrunner.engine;

import dev.agentrunner.core.run.MergeEnd;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.Worktree;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Worktrees;
import java.util.OptionalInt;

/** Makes worktrees, and merges what was done in them. */
final class MergeSteps {

  private final Worktrees worktrees;
  private final Plan plan;
  private final Journal journal;

  MergeSteps(Surroundings around, Plan plan, Journal journal) {
    this.worktrees = around.worktrees();
    this.plan = plan;
    this.journal = journal;
  }

  void open(Step.OpenWorktree step) {
    journal.write();
    Checkpoints.Taken taken = worktrees.open(run(), plan.task(step.task()));
    journal.note(new RunEvent.WorktreeOpened(step.task(), taken.tree(), taken.note()));
  }

  private RunId run() {
    return journal.state().run();
  }

  void merge(Step.Merge step) {
    Task task = plan.task(step.task());
    Worktree.Merge merge = step.begun().orElseGet(() -> begin(step, task));
    OptionalInt files =
        merge.landing()
            ? worktrees.land(task, merge.onto(), merge.tree())
            : OptionalInt.of(worktrees.bring(run(), task, merge.tree()));
    journal.note(
        new RunEvent.MergeEnded(
            step.task(),
            step.attempt(),
            end(merge, files.isPresent()),
            worktrees.folderIn(task, merge.onto()),
            files.orElse(0)));
  }

  private Worktree.Merge begin(Step.Merge step, Task task) {
    Worktrees.Union union = worktrees.unite(run(), task, step.base());
    Worktree.Merge merge =
        new Worktree.Merge(union.onto(), union.tree(), union.asJudged(), union.conflicts());
    journal.note(
        new RunEvent.MergeStarted(
            step.task(),
            step.attempt(),
            merge.onto(),
            merge.tree(),
            merge.landing(),
            merge.conflicts()));
    journal.write();
    return merge;
  }

  private static MergeEnd end(Worktree.Merge merge, boolean written) {
    if (!written) {
      return MergeEnd.OVERTAKEN;
    }
    if (merge.landing()) {
      return MergeEnd.MERGED;
    }
    return merge.conflicts().isEmpty() ? MergeEnd.CAUGHT_UP : MergeEnd.CONFLICT;
  }
}
