package dev.agentrunner.core.run;

import dev.agentrunner.core.run.Evidence.Ran;
import dev.agentrunner.core.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Gathers from a run's events what stands behind each of its tasks. */
public final class EvidenceFold implements Consumer<Recorded> {

  private final Map<TaskId, List<Ran>> ran = new HashMap<>();
  private final Map<TaskId, String> commands = new HashMap<>();

  @Override
  public void accept(Recorded recorded) {
    switch (recorded.event()) {
      case RunEvent.AgentFinished e -> ran.remove(e.task());
      case RunEvent.HookStarted e -> commands.put(e.task(), e.command());
      case RunEvent.HookEnded e
          when e.stage() == HookStage.POST
              && !(e.result().end() instanceof HookResult.Interrupted) ->
          ran.computeIfAbsent(e.task(), _ -> new ArrayList<>())
              .add(new Ran(e.hook(), commands.getOrDefault(e.task(), ""), e.attempt(), e.result()));
      default -> {
        // The rest proves nothing.
      }
    }
  }

  /** Lets go of what was gathered of {@code task}, as nobody will ask. */
  public void forget(TaskId task) {
    ran.remove(task);
    commands.remove(task);
  }

  /** What was gathered of {@code task}. */
  public Evidence of(TaskState task) {
    Optional<TreeId> tree = task.status().isFinal() ? task.checkpoints().after() : Optional.empty();
    return new Evidence(ran.getOrDefault(task.id(), List.of()), tree, Optional.empty());
  }
}
