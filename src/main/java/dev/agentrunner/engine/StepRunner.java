package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Backoff;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunEvent.ToolCalled;
import dev.agentrunner.core.run.Session;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Hook;
import dev.agentrunner.core.task.Settings.Retries;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.ToolSettings.Unattended;
import dev.agentrunner.port.ChatModel;
import dev.agentrunner.port.Checkpoints;
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

  StepRunner(Surroundings around, Plan plan, RunWatcher watcher, StopSignal stop, Journal journal) {
    this.around = around;
    this.plan = plan;
    this.watcher = watcher;
    this.stop = stop;
    this.journal = journal;
    this.tools = new AgentTools();
    this.prompts = new PromptWriter(plan.settings(), around.workspaces());
  }

  void run(Step.Effect step) {
    switch (step) {
      case Step.TakeCheckpoint checkpoint -> takeCheckpoint(checkpoint);
      case Step.RestoreFolder restore -> restoreFolder(restore);
      case Step.RunHook hook -> runHook(hook);
      case Step.OpenAttempt attempt -> openAttempt(attempt);
      case Step.SwitchProvider change -> switchProvider(change);
      case Step.AskModel ask -> askModel(ask);
      case Step.CallTool call -> callTool(call);
      case Step.WaitUntil wait -> {
        journal.write();
        around.pauses().until(wait.due(), stop);
      }
      case Step.AskApproval ask -> askApproval(ask);
      case Step.AskPerson ask -> askPerson(ask.escalation());
    }
  }

  private void takeCheckpoint(Step.TakeCheckpoint step) {
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
            .map(around.workspaces()::projectFolder)
            .orElseGet(() -> around.workspaces().folder(task));
    journal.note(new RunEvent.HookStarted(step.task(), step.attempt(), step.stage(), step.hook()));
    journal.write();
    HookResult result =
        around
            .processes()
            .run(
                new Processes.Job(
                    hook.command(), folder, environment, hook.timeout(), Optional.empty()),
                chunk -> watcher.hookOutput(step.task(), step.hook(), chunk),
                stop);
    journal.note(
        new RunEvent.HookEnded(step.task(), step.attempt(), step.stage(), step.hook(), result));
  }

  private void openAttempt(Step.OpenAttempt step) {
    Task task = plan.task(step.task());
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

  private void askModel(Step.AskModel step) {
    ChatModel model = around.models().provider(step.provider(), plan.task(step.task()));
    journal.note(new RunEvent.ModelAsked(step.task(), step.attempt(), step.turn()));
    journal.write();
    switch (model.ask(step.request(), watch(step.request().call()), stop)) {
      case Answer.Replied(var reply) ->
          journal.note(
              new RunEvent.ModelReplied(
                  step.task(), step.attempt(), step.turn(), priced(step, reply)));
      case Answer.Failed(ModelFailure.Canceled _, Usage _, Optional<Echo> session)
          when stop.requested() && session.isEmpty() -> {}
      case Answer.Failed(ModelFailure failure, Usage usage, Optional<Echo> session) ->
          journal.note(
              new RunEvent.ModelFailed(
                  step.task(),
                  step.attempt(),
                  step.turn(),
                  failure,
                  priced(step, step.request().model(), usage),
                  retryAt(step, failure),
                  session));
    }
  }

  private Reply priced(Step.AskModel step, Reply reply) {
    Usage exactly = priced(step, reply.model(), reply.usage());
    return reply.costing(priced(step, step.request().model(), exactly).cost());
  }

  /** Who counted its own cost, as an agent's command line can, knows it best. */
  private Usage priced(Step.AskModel step, String model, Usage usage) {
    return usage.cost().equals(Cost.UNKNOWN)
        ? usage.costing(around.models().cost(step.provider(), model, usage))
        : usage;
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
    String folder = around.workspaces().folder(plan.task(step.task()));
    Verdict verdict = policy().decide(step.call());
    switch (verdict) {
      case Verdict.Deny(String why) -> {
        journal.note(called(step, List.of(), ""));
        returned(step, denied(why));
      }
      case Verdict.Ask ask when step.begun().isEmpty() && !isApproved(step, folder) ->
          // The leave was for another call, or for the same one in another folder.
          journal.note(
              new ExactCall(step.call(), folder).request(step.task(), step.attempt(), ask));
      case Verdict.Ask _, Verdict.Allow _ -> {
        ToolSettings settings = plan.settings().tools();
        perform(
            step,
            tools.plan(
                step.call(),
                new Reach(workspace, folder, settings, around.confinements(), verdict)),
            workspace);
      }
    }
  }

  private CallPolicy policy() {
    return new CallPolicy(plan.settings().tools(), journal.state().granted());
  }

  private static boolean isApproved(Step.CallTool step, String folder) {
    String digest = new ExactCall(step.call(), folder).digest();
    return step.approved()
        .filter(given -> given.consent().word() != Consent.Word.NO)
        .filter(given -> given.digest().equals(digest))
        .isPresent();
  }

  static Planned.Said denied(String why) {
    return Planned.Said.wrong(
        "Not allowed: %s. Nothing was run. Go on without it; do not try to get around it."
            .formatted(why));
  }

  private void perform(Step.CallTool step, Planned planned, Workspace workspace) {
    switch (planned) {
      case Planned.Reads(Supplier<Planned.Said> answer) -> {
        journal.note(called(step, List.of(), ""));
        journal.write();
        returned(step, answer.get());
      }
      case Planned.Refused(String path, String reason) -> {
        journal.note(called(step, List.of(), ""));
        refused(step, path, reason);
      }
      case Planned.Writes writes -> write(step, writes, workspace);
      case Planned.Runs(Processes.Job job, boolean repeatable) -> {
        if (step.begun().isPresent() && !repeatable) {
          returned(step, RunningTools.cutOff());
        } else {
          runCommand(step, job);
        }
      }
    }
  }

  /** What files hold and commands print is marked as such. */
  private String shown(Step.CallTool step, Planned.Said said) {
    String text = around.mask().fileText(said.text());
    return said.quoted() ? new Material(source(step.call()), text).marked() : text;
  }

  private static String source(ToolCall call) {
    return call.arguments() instanceof ToolCall.Valid(Map<String, Object> values)
            && values.get("path") instanceof String path
        ? call.name() + " " + path
        : call.name();
  }

  private void runCommand(Step.CallTool step, Processes.Job job) {
    journal.note(called(step, List.of(), ""));
    journal.write();
    HookResult result = around.processes().run(job, chunk -> {}, stop);
    if (result.end() instanceof HookResult.Interrupted) {
      return; // Left open, so that whoever goes on knows that it was under way.
    }
    if (result.end() instanceof HookResult.NotStarted(String why)
        && job.confinement().isPresent()) {
      journal.note(
          new RunEvent.RunWarned(
              "A command of the agent's was not run: %s. Install bubblewrap, or set 'sandbox: off' to run commands without protection."
                  .formatted(why)));
    }
    returned(step, RunningTools.said(result));
  }

  private void returned(Step.CallTool step, Planned.Said said) {
    journal.note(
        new RunEvent.ToolReturned(
            step.task(), step.attempt(), result(step, shown(step, said), said.failed())));
  }

  private void askApproval(Step.AskApproval step) {
    ExactCall call = new ExactCall(step.call(), around.workspaces().folder(plan.task(step.task())));
    ApprovalRequested request = call.request(step.task(), step.attempt(), step.verdict());
    if (step.open().filter(request::equals).isEmpty()) {
      journal.note(request);
    }
    journal.write();
    Optional<Consent> consent = around.people().approve(request, stop);
    if (consent.isEmpty() && stop.requested()) {
      return;
    }
    if (consent.isEmpty() && plan.settings().tools().unattended() == Unattended.PARK) {
      journal.note(
          new RunEvent.RunPaused(
              PauseReason.NEEDS_PERSON,
              "%s: leave is needed to run a tool (%s)%n%s"
                  .formatted(step.task(), request.why(), request.shown()),
              Optional.empty()));
      return;
    }
    journal.note(
        new RunEvent.ApprovalGiven(
            step.task(),
            step.attempt(),
            request.digest(),
            consent.orElse(
                new Consent(
                    Consent.Word.NO,
                    "%s, and nobody is there to approve it".formatted(request.why()))),
            consent.isPresent() ? "person" : "policy"));
  }

  private void write(Step.CallTool step, Planned.Writes writes, Workspace workspace) {
    FileChange change = writes.change();
    // Both bodies are kept so that the change can be shown later, whatever becomes of the file.
    writes.before().ifPresent(this::keep);
    keep(writes.after());
    ToolCalled called = called(step, List.of(change), writes.note());
    journal.note(called);
    journal.write();
    workspace
        .write(change.path(), writes.after(), change.before())
        .ifPresentOrElse(
            reason -> refused(step, change.path(), reason), () -> applied(step, called));
  }

  /** A secret in the user's own file stays in that file. */
  private void keep(byte[] body) {
    if (!around.mask().hides(body)) {
      around.artifacts().keep(body);
    }
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
