package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.Ruling;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Session;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import java.util.Optional;

/**
 * Does one step and notes what came of it. Whatever acts on the world is written down first; what
 * only reads is not worth a write of its own.
 */
final class StepRunner {

  private final Surroundings around;
  private final Plan plan;
  private final StopSignal stop;
  private final Journal journal;
  private final PromptWriter prompts;
  private final Deliveries deliveries;
  private final ModelSteps models;
  private final ToolSteps tools;
  private final HookSteps hooks;

  StepRunner(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.stop = stop;
    this.journal = journal;
    this.prompts = new PromptWriter(plan.settings(), around.workspaces());
    this.deliveries = new Deliveries(around, plan, journal);
    this.models = new ModelSteps(around, plan, watcher, stop, journal);
    this.tools = new ToolSteps(around, plan, stop, journal, deliveries);
    this.hooks = new HookSteps(around, plan, watcher, stop, journal);
  }

  void run(Step.Effect step) {
    switch (step) {
      case Step.TakeCheckpoint checkpoint -> takeCheckpoint(checkpoint);
      case Step.RestoreFolder restore -> restoreFolder(restore);
      case Step.GuardChecks guard -> new TamperGuard(around, plan, journal).look(guard);
      case Step.OpenWorktree open -> new MergeSteps(around, plan, journal).open(open);
      case Step.Merge merge -> new MergeSteps(around, plan, journal).merge(merge);
      case Step.RunHook hook -> hooks.run(hook);
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
            prompts.write(task, step.setback(), journal.state().tasks().task(task.id()).lessons()),
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
    boolean question = escalation.cause() == Escalation.Cause.QUESTION;
    Optional<String> words = question ? around.people().tell(escalation, stop) : Optional.empty();
    if (words.isPresent()) {
      journal.note(new RunEvent.QuestionAnswered(escalation.task(), words.get()));
      return;
    }
    Optional<Ruling> ruling =
        question ? Optional.empty() : around.people().decide(escalation, stop);
    if (ruling.isEmpty() && stop.requested()) {
      return;
    }
    journal.note(
        new RunEvent.PersonAnswered(
            escalation.task(),
            ruling
                .map(Ruling::decision)
                .orElseGet(() -> escalation.unattended(plan.settings().failSafe())),
            ruling.isPresent() ? "person" : "policy",
            ruling.flatMap(Ruling::advice)));
  }
}
