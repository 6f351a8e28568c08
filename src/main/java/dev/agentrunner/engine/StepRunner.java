package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Session;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Confinement;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Does one step and notes what came of it. Whatever acts on the world is written down first; what
 * only reads is not worth a write of its own.
 */
final class StepRunner {

  private final Surroundings around;
  private final Plan plan;
  private final RunWatcher watcher;
  private final StopSignal stop;
  private final Journal journal;
  private final PromptWriter prompts;
  private final Deliveries deliveries;
  private final ModelSteps models;
  private final ToolSteps tools;

  StepRunner(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.journal = journal;
    this.prompts = new PromptWriter(plan.settings(), around.workspaces());
    this.deliveries = new Deliveries(around, plan, journal);
    this.models = new ModelSteps(around, plan, watcher, stop, journal);
    this.tools = new ToolSteps(around, plan, stop, journal, deliveries);
  }

  void run(Step.Effect step) {
    switch (step) {
      case Step.TakeCheckpoint checkpoint -> takeCheckpoint(checkpoint);
      case Step.RestoreFolder restore -> restoreFolder(restore);
      case Step.GuardChecks guard -> new TamperGuard(around, plan, journal).look(guard);
      case Step.RunHook hook -> runHook(hook);
      case Step.OpenAttempt attempt -> openAttempt(attempt);
      case Step.SwitchProvider change -> switchProvider(change);
      case Step.AskModel ask -> models.ask(ask);
      case Step.CallTool call -> tools.call(call);
      case Step.Commit commit -> deliveries.commit(commit);
      case Step.Push push -> deliveries.push(push);
      case Step.WaitUntil wait -> {
        journal.write();
        around.pauses().until(wait.due(), stop);
      }
      case Step.AskApproval ask -> tools.askApproval(ask);
      case Step.AskPerson ask -> askPerson(ask.escalation());
    }
  }

  private void takeCheckpoint(Step.TakeCheckpoint step) {
    if (step.when() == Moment.BEFORE) {
      deliveries.enter(plan.task(step.task())); // Another branch is none of the task's changes.
    }
    Checkpoints.Taken taken =
        around.checkpoints().take(folder(plan.task(step.task())), step.since());
    journal.note(
        new RunEvent.CheckpointTaken(
            step.task(), step.attempt(), step.when(), taken.tree(), taken.note()));
  }

  private void restoreFolder(Step.RestoreFolder step) {
    journal.write();
    Checkpoints.Restored restored =
        around.checkpoints().restore(folder(plan.task(step.task())), step.tree(), false);
    journal.note(
        new RunEvent.FolderRestored(
            step.task(), step.attempt(), step.tree(), restored.changes().size()));
  }

  private String folder(Task task) {
    return around.workspaces().folder(task);
  }

  private void runHook(Step.RunHook step) {
    Task task = plan.task(step.task());
    Hook hook = plan.settings().hook(step.hook());
    Map<String, String> environment = new HashMap<>(hook.environment());
    environment.put("AGENT_RUNNER_RUN_ID", journal.state().run().value());
    environment.put("AGENT_RUNNER_TASK_ID", task.id().value());
    environment.put("AGENT_RUNNER_ATTEMPT", String.valueOf(step.attempt()));
    String folder =
        hook.folder()
            .map(relative -> around.workspaces().projectFolder(task, relative))
            .orElseGet(() -> around.workspaces().folder(task));
    journal.note(new RunEvent.HookStarted(step.task(), step.attempt(), step.stage(), step.hook()));
    journal.write();
    HookResult result =
        around
            .processes()
            .run(
                new Processes.Job(
                    hook.command(),
                    folder,
                    environment,
                    hook.timeout(),
                    confinement(hook, folder, environment)),
                chunk -> watcher.hookOutput(step.task(), step.hook(), chunk),
                stop);
    journal.note(
        new RunEvent.HookEnded(step.task(), step.attempt(), step.stage(), step.hook(), result));
  }

  /** What holds a hook that is to be held: the same as a command of the agent's. */
  private Optional<Confinement> confinement(
      Hook hook, String folder, Map<String, String> environment) {
    ToolSettings tools = plan.settings().tools();
    return hook.sandboxed()
        ? Optional.of(
            around
                .confinements()
                .of(folder, tools.network(hook.command().shown()), tools.variables())
                .with(environment))
        : Optional.empty();
  }

  private void openAttempt(Step.OpenAttempt step) {
    Task task = plan.task(step.task());
    deliveries.enter(task);
    String model = around.models().modelName(task.agent().of(step.provider()));
    Optional<Echo> session =
        journal
            .state()
            .tasks()
            .task(task.id())
            .session()
            .filter(one -> one.provider().equals(step.provider()) && one.model().equals(model))
            .map(Session::echo);
    journal.note(
        new RunEvent.AttemptStarted(
            task.id(),
            step.attempt(),
            step.provider(),
            model,
            prompts.write(task, step.setback()),
            session));
  }

  private void switchProvider(Step.SwitchProvider step) {
    AgentChoice other = plan.task(step.task()).agent().of(step.to());
    step.closing().forEach(journal::note);
    journal.note(
        new RunEvent.ProviderSwitched(
            step.task(),
            step.attempt(),
            step.from(),
            step.to(),
            around.models().modelName(other),
            step.fresh(),
            step.reason()));
  }

  private void askPerson(Escalation escalation) {
    journal.write();
    Optional<Decision> decision = around.people().decide(escalation, stop);
    if (decision.isEmpty() && stop.requested()) {
      return;
    }
    journal.note(
        new RunEvent.PersonAnswered(
            escalation.task(),
            decision.orElseGet(() -> escalation.unattended(plan.settings().failSafe())),
            decision.isPresent() ? "person" : "policy"));
  }
}
