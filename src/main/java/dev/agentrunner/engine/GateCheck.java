package dev.agentrunner.engine;

import dev.agentrunner.core.run.Evidence.Ran;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.Consequence;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.When;
import dev.agentrunner.port.StopSignal;
import java.util.Optional;

/** Runs post-hooks of tasks that are done once more, without an agent and outside of any run. */
public final class GateCheck {

  private final Surroundings around;
  private final Settings settings;
  private final StopSignal stop;

  public GateCheck(Surroundings around, Settings settings, StopSignal stop) {
    this.around = around;
    this.settings = settings;
    this.stop = stop;
  }

  /** Whether the hook judges: one that looks for causes has nothing to say here. */
  public boolean judges(HookId id) {
    return !(settings.hook(id).when() instanceof When.OnFailure);
  }

  /** Whether the task can do without the hook passing. */
  public boolean onlyWarns(HookId id) {
    return settings.hook(id).onFailure().equals(Optional.of(Consequence.WARN));
  }

  /** Runs the hook, whatever condition it is bound to, as after the last attempt at the task. */
  public Ran run(HookId id, Task task, TaskState state, RunId run) {
    Hook hook = settings.hook(id);
    HookResult result =
        around
            .processes()
            .run(
                HookSteps.job(
                    around,
                    settings.tools(),
                    hook,
                    task,
                    HookSteps.told(run, task.id(), state.attempts())),
                chunk -> {},
                stop);
    return new Ran(
        id,
        hook.command().shown(),
        state.attempts(),
        new MaskedEvents(around.mask()).result(result));
  }
}
