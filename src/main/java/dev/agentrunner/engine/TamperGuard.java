package dev.agentrunner.engine;

import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.tamper.Revision;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.tamper.Tampering;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.Checkpoints.Taken;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stands between an agent that says it is done and the hooks that judge it. Compares the folder
 * with how it looked before the task, whoever changed it by whatever means.
 */
final class TamperGuard {

  /** An event names no more than so many of either. */
  private static final int NAMED_MAX = 100;

  private final Checkpoints checkpoints;
  private final Surroundings around;
  private final Plan plan;
  private final Journal journal;

  TamperGuard(Surroundings around, Plan plan, Journal journal) {
    this.checkpoints = around.checkpoints();
    this.around = around;
    this.plan = plan;
    this.journal = journal;
  }

  /** Ends with a checkpoint of what the hooks are going to judge. */
  void look(Step.GuardChecks step) {
    Task task = plan.task(step.task());
    String folder = around.workspaces().folder(task);
    Taken taken = checkpoints.take(folder, Optional.of(step.since()));
    Predicate<String> isKept = kept(task);
    Set<String> lost = new LinkedHashSet<>();
    List<PathChange> changed = new ArrayList<>();
    for (PathChange change : checkpoints.changes(step.since(), taken.tree())) {
      if (isKept.test(change.path())) {
        lost.add(change.path());
      } else {
        changed.add(change);
      }
    }
    if (!step.noted()) {
      note(step, taken, List.copyOf(lost), suspicions(changed));
    }
    if (!lost.isEmpty()) {
      journal.write(); // What is about to be put back is known, whatever happens now.
      checkpoints.restoreOnly(folder, step.since(), lost);
      taken = checkpoints.take(folder, Optional.of(step.since()));
    }
    journal.note(
        new CheckpointTaken(step.task(), step.attempt(), Moment.AFTER, taken.tree(), taken.note()));
  }

  /**
   * What is put back. The files that say what the run is to do are the user's to edit while it goes
   * on; only an agent that nothing keeps away from them may be the one who did.
   */
  private Predicate<String> kept(Task task) {
    Predicate<String> isProtected = around.workspaces().protectedFiles(task);
    boolean unheld =
        plan.settings().tools().sandbox() == Sandboxing.OFF
            || plan.settings().worksAlone(task.agent().provider())
            || task.agent().fallback().stream().anyMatch(plan.settings()::worksAlone);
    return unheld ? isProtected.or(around.workspaces().changedRules(task)) : isProtected;
  }

  private List<Suspicion> suspicions(List<PathChange> changes) {
    return Tampering.in(
        changes.stream()
            .filter(change -> Tampering.concerns(change.path()))
            .map(change ->
                Revision.of(change.path(), content(change.before()), content(change.after())))
            .toList());
  }

  private Optional<byte[]> content(Optional<Kept> file) {
    return file.map(checkpoints::content);
  }

  private void note(
      Step.GuardChecks step, Taken taken, List<String> lost, List<Suspicion> suspicions) {
    if (lost.isEmpty() && suspicions.isEmpty()) {
      return;
    }
    int more = Math.max(0, lost.size() - NAMED_MAX) + Math.max(0, suspicions.size() - NAMED_MAX);
    journal.note(
        new TamperFound(
            step.task(),
            step.attempt(),
            taken.tree(),
            lost.stream().limit(NAMED_MAX).toList(),
            suspicions.stream().limit(NAMED_MAX).toList(),
            more));
  }
}
