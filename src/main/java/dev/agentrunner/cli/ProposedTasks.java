package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Proposals;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tasks of a list that are only proposed: how they begin, go on and end. */
final class ProposedTasks {

  private final Workbench workbench;
  private final Prepared prepared;
  private final Proposals proposals;

  ProposedTasks(Workbench workbench, Prepared prepared) {
    this.workbench = workbench;
    this.prepared = prepared;
    this.proposals = workbench.proposals(prepared);
  }

  /** Makes sure that nothing of an earlier run is in the way. */
  void clear() {
    proposals.remove();
  }

  /**
   * Makes sure that each hook runs in the copy.
   *
   * @throws UsageException naming the first that does not
   */
  void check(List<Task> tasks) {
    for (Task task : tasks) {
      Stream.concat(task.gates().before().stream(), task.gates().after().stream())
          .map((HookId id) -> prepared.settings().hook(id))
          .flatMap(hook -> hook.folder().stream())
          .forEach(folder -> proposals.workspaces().projectFolder(task, folder));
    }
  }

  /**
   * The tasks as the run was begun, whatever the files and flags say by now.
   *
   * @throws UsageException if one was begun in the folder itself and is to be proposed now
   * @throws EnvironmentException if a copy that was worked in is gone
   */
  List<Task> asBegun(RunState cut, List<Task> tasks) {
    List<Task> begun = new ArrayList<>();
    for (Task task : tasks) {
      TaskState state = cut.tasks().task(task.id());
      boolean proposed = state.planned().proposed();
      if (!proposed && task.delivery().proposed() && !state.status().isFinal()) {
        throw new UsageException(
            "run %s was begun to do %s in the folder itself, and cannot go on as a proposal; go on without it, or begin a new run with --redo %s"
                .formatted(cut.run(), task.id(), task.id()));
      }
      Task same = proposed ? task.asProposal() : task;
      if (proposed && isGone(state, same)) {
        throw new EnvironmentException(
            "the copy that run %s does %s in is gone; begin a new run with --redo %s"
                .formatted(cut.run(), task.id(), task.id()));
      }
      begun.add(same);
    }
    return begun;
  }

  private boolean isGone(TaskState state, Task task) {
    return !state.status().isFinal()
        && state.checkpoints().first().isPresent()
        && !proposals.has(task);
  }

  /** Keeps what each task that is over has come to, and removes the copies of a run that is. */
  List<Proposal> keep(RunState state, List<Task> tasks, Session session) {
    Checkpoints checkpoints = workbench.checkpoints(prepared.project());
    List<Proposal> kept = new ArrayList<>();
    for (Task task : tasks) {
      TaskState at = state.tasks().task(task.id());
      Optional<TreeId> first = at.checkpoints().first();
      Optional<TreeId> last = at.checkpoints().after();
      if (!isProposed(at) || !at.status().isFinal() || first.isEmpty() || last.isEmpty()) {
        continue;
      }
      KeptPatch patch = KeptPatch.between(workbench, checkpoints, first.get(), last.get());
      Proposal proposal =
          new Proposal(
              task.id(),
              patch.text().isEmpty() ? Optional.empty() : Optional.of(task.id() + ".patch"),
              workbench.workspaces(prepared).folder(task),
              patch.leftOut());
      proposal.patch().ifPresent(name -> session.keep(state.run(), name, patch.text()));
      kept.add(proposal);
    }
    if (state.status().isFinal()) {
      removeCopies();
    }
    return kept;
  }

  private void removeCopies() {
    try {
      proposals.remove();
    } catch (EnvironmentException leftOver) {
      // The run is over all the same; the next one removes them, or says why it cannot.
    }
  }

  private static boolean isProposed(TaskState task) {
    Planned planned = task.planned();
    return planned.proposed() && planned.doneIn().isEmpty();
  }
}
