package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunEvent.ToolCalled;
import dev.agentrunner.core.run.Step;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.core.task.ToolSettings.Unattended;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the calls that the model asks for, as far as the policy and people let it. */
final class ToolSteps {

  private final Surroundings around;
  private final Plan plan;
  private final StopSignal stop;
  private final Journal journal;
  private final Deliveries deliveries;
  private final AgentTools tools;

  ToolSteps(
      Surroundings around, Plan plan, StopSignal stop, Journal journal, Deliveries deliveries) {
    this.around = around;
    this.plan = plan;
    this.stop = stop;
    this.journal = journal;
    this.deliveries = deliveries;
    this.tools = new AgentTools();
  }

  void call(Step.CallTool step) {
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
        Reach reach = new Reach(workspace, folder, settings, around.confinements(), verdict);
        perform(step, Planned.bounded(planned(step, reach)), workspace);
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

  void askApproval(Step.AskApproval step) {
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

  private Planned planned(Step.CallTool step, Reach reach) {
    return GitTools.has(step.call().name())
        ? deliveries.tools(step).plan(step.call())
        : tools.plan(step.call(), reach);
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
}
