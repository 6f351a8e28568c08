package dev.agentrunner.engine;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.When;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Runs the hooks of tasks, where the condition they are bound to holds. */
final class HookSteps {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;
  private final Journal journal;

  HookSteps(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.journal = journal;
  }

  void run(Step.RunHook step) {
    Task task = plan.task(step.task());
    Hook hook = plan.settings().hook(step.hook());
    if (hook.when() instanceof When.Changed(List<String> globs)
        && step.stage() != HookStage.PRE
        && isUnchanged(task, globs)) {
      journal.note(
          new RunEvent.HookSkipped(
              step.task(),
              step.attempt(),
              step.stage(),
              step.hook(),
              "the task changed nothing in " + String.join(", ", globs)));
      return;
    }
    journal.note(
        new RunEvent.HookStarted(
            step.task(), step.attempt(), step.stage(), step.hook(), hook.command().shown()));
    journal.write();
    HookResult result =
        around
            .processes()
            .run(
                job(
                    around,
                    plan.settings().tools(),
                    hook,
                    task,
                    told(journal.state().run(), step.task(), step.attempt())),
                chunk -> watcher.hookOutput(step.task(), step.hook(), chunk),
                stop);
    journal.note(
        new RunEvent.HookEnded(step.task(), step.attempt(), step.stage(), step.hook(), result));
  }

  /** What a hook can read of the run in its environment. */
  static Map<String, String> told(RunId run, TaskId task, int attempt) {
    return Map.of(
        "AGENT_RUNNER_RUN_ID", run.value(),
        "AGENT_RUNNER_TASK_ID", task.value(),
        "AGENT_RUNNER_ATTEMPT", String.valueOf(attempt));
  }

  /** What is started for a hook, with {@code told} over its own environment. */
  static Processes.Job job(
      Surroundings around, ToolSettings tools, Hook hook, Task task, Map<String, String> told) {
    Map<String, String> environment = new HashMap<>(hook.environment());
    environment.putAll(told);
    String folder =
        hook.folder()
            .map(relative -> around.workspaces().projectFolder(task, relative))
            .orElseGet(() -> around.workspaces().folder(task));
    return new Processes.Job(
        hook.command(),
        folder,
        environment,
        hook.timeout(),
        hook.sandboxed()
            ? Optional.of(confinement(around, tools, hook, folder, environment))
            : Optional.empty());
  }

  /** What holds a hook that is to be held: the same as a command of the agent's. */
  private static Confinement confinement(
      Surroundings around,
      ToolSettings tools,
      Hook hook,
      String folder,
      Map<String, String> environment) {
    return around
        .confinements()
        .of(folder, tools.network(hook.command().shown()), tools.variables())
        .with(environment);
  }

  /** Whether it is known that the task changed none of the files that {@code globs} mean. */
  private boolean isUnchanged(Task task, List<String> globs) {
    Optional<TreeId> first = journal.state().tasks().task(task.id()).checkpoints().first();
    if (first.isEmpty()) {
      return false;
    }
    Predicate<String> meant = around.workspaces().matching(globs);
    String folder = around.workspaces().folder(task);
    TreeId now = around.checkpoints().take(folder, first).tree();
    return around.checkpoints().changes(first.get(), now).stream()
        .map(PathChange::path)
        .noneMatch(meant);
  }
}
