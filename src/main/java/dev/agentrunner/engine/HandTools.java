package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.ToolSettings;
import dev.agentrunner.port.Confinements;
import dev.agentrunner.port.People;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.Repositories;
import dev.agentrunner.port.Repository.Committing;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * The agent's tools, called by hand: outside of any run, under the same policy, in the same
 * confinement and with the same bounds.
 */
public record HandTools(
    ToolSettings settings,
    GitSettings git,
    Processes processes,
    Repositories repositories,
    Confinements confinements,
    People people) {

  /** What the model would be told. */
  public record Told(String text, boolean failed) {}

  /**
   * Makes one call.
   *
   * @param folder the same as {@code workspace}, as an absolute path
   */
  public Told call(ToolCall call, Workspace workspace, String folder, StopSignal stop) {
    Verdict verdict = new CallPolicy(settings, List.of()).decide(call);
    Planned.Said said =
        switch (verdict) {
          case Verdict.Deny(String why) -> ToolSteps.denied(why);
          case Verdict.Ask ask -> {
            Consent consent = consent(call, folder, ask, stop);
            yield consent.word() == Consent.Word.NO
                ? ToolSteps.denied(consent.reason().isEmpty() ? "you said no" : consent.reason())
                : perform(call, workspace, folder, verdict, stop);
          }
          case Verdict.Allow _ -> perform(call, workspace, folder, verdict, stop);
        };
    return new Told(said.text(), said.failed());
  }

  private Consent consent(ToolCall call, String folder, Verdict.Ask ask, StopSignal stop) {
    // There is no run for which anything could be allowed from now on.
    Verdict.Ask once = new Verdict.Ask(ask.why(), List.of());
    return people
        .approve(new ExactCall(call, folder).request(new TaskId("by-hand"), 0, once), stop)
        .orElse(
            new Consent(
                Consent.Word.NO, "%s, and nobody is there to approve it".formatted(ask.why())));
  }

  private Planned.Said perform(
      ToolCall call, Workspace workspace, String folder, Verdict verdict, StopSignal stop) {
    Reach reach = new Reach(workspace, folder, settings, confinements, verdict);
    return switch (Planned.bounded(planned(call, reach))) {
      case Planned.Reads(var answer) -> answer.get();
      case Planned.Refused(String path, String reason) -> Planned.Said.wrong(reason);
      case Planned.Writes writes -> {
        Optional<String> trouble =
            workspace.write(writes.change().path(), writes.after(), writes.change().before());
        yield trouble.map(Planned.Said::wrong).orElseGet(() -> Planned.Said.fine(writes.note()));
      }
      case Planned.Runs(Processes.Job job, boolean repeatable) ->
          RunningTools.said(processes.run(job, chunk -> {}, stop));
    };
  }

  private Planned planned(ToolCall call, Reach reach) {
    if (!GitTools.has(call.name())) {
      return new AgentTools().plan(call, reach);
    }
    return new GitTools(
            git,
            () -> repositories.at(reach.folder()),
            (repository, message) ->
                new Committing.Left("by hand there is no task whose changes could be committed"),
            false)
        .plan(call);
  }
}
