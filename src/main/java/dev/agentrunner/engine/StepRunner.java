package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Backoff;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ToolCalled;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.Settings.Retries;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.RunWatcher;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
  private final AgentTools tools;
  private final PromptWriter prompts;
  private final Deliveries deliveries;

  StepRunner(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.journal = journal;
    this.tools = new AgentTools();
    this.prompts = new PromptWriter(plan.settings(), around.workspaces());
    this.deliveries = new Deliveries(around, plan, journal);
  }

  void run(Step.Effect step) {
    switch (step) {
      case Step.RunHook hook -> runHook(hook);
      case Step.OpenAttempt attempt -> openAttempt(attempt);
      case Step.AskModel ask -> askModel(ask);
      case Step.CallTool call -> callTool(call);
      case Step.Commit commit -> deliveries.commit(commit);
      case Step.Push push -> deliveries.push(push);
      case Step.WaitUntil wait -> {
        journal.write();
        around.pauses().until(wait.due(), stop);
      }
      case Step.AskPerson ask -> askPerson(ask.escalation());
    }
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
            .map(around.workspaces()::projectFolder)
            .orElseGet(() -> around.workspaces().folder(task));
    journal.note(new RunEvent.HookStarted(step.task(), step.attempt(), step.stage(), step.hook()));
    journal.write();
    HookResult result =
        around
            .processes()
            .run(
                new Processes.Job(hook.command(), folder, environment, hook.timeout()),
                chunk -> watcher.hookOutput(step.task(), step.hook(), chunk),
                stop);
    journal.note(
        new RunEvent.HookEnded(step.task(), step.attempt(), step.stage(), step.hook(), result));
  }

  private void openAttempt(Step.OpenAttempt step) {
    Task task = plan.task(step.task());
    deliveries.enter(task);
    journal.note(
        new RunEvent.AttemptStarted(
            task.id(),
            step.attempt(),
            task.agent().provider(),
            around.models().modelName(task.agent()),
            prompts.write(task, step.setback())));
  }

  private void askModel(Step.AskModel step) {
    ChatModel model = around.models().provider(step.provider());
    journal.note(new RunEvent.ModelAsked(step.task(), step.attempt(), step.turn()));
    journal.write();
    switch (model.ask(step.request(), watch(step.request().call()), stop)) {
      case Answer.Replied(var reply) ->
          journal.note(new RunEvent.ModelReplied(step.task(), step.attempt(), step.turn(), reply));
      case Answer.Failed(ModelFailure.Canceled canceled, Usage usage) when stop.requested() -> {}
      case Answer.Failed(ModelFailure failure, Usage usage) ->
          journal.note(
              new RunEvent.ModelFailed(
                  step.task(),
                  step.attempt(),
                  step.turn(),
                  failure,
                  usage,
                  retryAt(step, failure)));
    }
  }

  private Optional<Instant> retryAt(Step.AskModel step, ModelFailure failure) {
    int failures = step.failures() + 1;
    Retries retries = plan.settings().retries();
    if (!(failure instanceof ModelFailure.Transient(var message, Optional<Duration> hint))
        || failures > retries.max()) {
      return Optional.empty();
    }
    Duration wait = Backoff.after(failures, hint, journal.state().seq());
    return Optional.of(around.clock().instant().plus(wait));
  }

  private ChatModel.Watcher watch(ChatRequest.CallId call) {
    return new ChatModel.Watcher() {
      @Override
      public void text(String delta) {
        watcher.modelText(call, delta);
      }

      @Override
      public void thinking(String delta) {
        watcher.modelThinking(call, delta);
      }

      @Override
      public void call(String name) {
        watcher.modelCalls(call, name);
      }

      @Override
      public void silence(Duration since) {
        watcher.modelSilent(call, since);
      }
    };
  }

  private void callTool(Step.CallTool step) {
    Workspace workspace = around.workspaces().open(plan.task(step.task()));
    Optional<ToolCalled> begun = step.begun().filter(called -> !called.changes().isEmpty());
    if (begun.isPresent() && tools.stands(begun.get().changes(), workspace)) {
      // Cut off between the change and the word that it was made: it stands, and is not made twice.
      applied(step, begun.get());
      return;
    }
    switch (planned(step, workspace)) {
      case Planned.Reads(Supplier<Planned.Said> answer) -> {
        journal.note(called(step, List.of(), ""));
        journal.write();
        Planned.Said said = answer.get();
        journal.note(
            new RunEvent.ToolReturned(
                step.task(), step.attempt(), result(step, said.text(), said.failed())));
      }
      case Planned.Refused(String path, String reason) -> {
        journal.note(called(step, List.of(), ""));
        refused(step, path, reason);
      }
      case Planned.Writes writes -> write(step, writes, workspace);
    }
  }

  private Planned planned(Step.CallTool step, Workspace workspace) {
    return GitTools.has(step.call().name())
        ? deliveries.tools(step).plan(step.call())
        : tools.plan(step.call(), workspace);
  }

  private void write(Step.CallTool step, Planned.Writes writes, Workspace workspace) {
    FileChange change = writes.change();
    // Both bodies are kept so that the change can be shown later, whatever becomes of the file.
    writes.before().ifPresent(around.artifacts()::keep);
    around.artifacts().keep(writes.after());
    ToolCalled called = called(step, List.of(change), writes.note());
    journal.note(called);
    journal.write();
    workspace
        .write(change.path(), writes.after(), change.before())
        .ifPresentOrElse(
            reason -> refused(step, change.path(), reason), () -> applied(step, called));
  }

  private void applied(Step.CallTool step, ToolCalled called) {
    journal.note(
        new RunEvent.EditApplied(
            step.task(), step.attempt(), result(step, called.note(), false), called.changes()));
  }

  private void refused(Step.CallTool step, String path, String reason) {
    journal.note(
        new RunEvent.EditRefused(step.task(), step.attempt(), result(step, reason, true), path));
  }

  private static ToolCalled called(Step.CallTool step, List<FileChange> changes, String note) {
    return new ToolCalled(
        step.task(), step.attempt(), step.call().id(), step.call().name(), changes, note);
  }

  private static ToolResult result(Step.CallTool step, String text, boolean failed) {
    return new ToolResult(step.call().id(), step.call().name(), text, failed);
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
