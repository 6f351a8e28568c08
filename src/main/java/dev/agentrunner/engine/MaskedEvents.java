package dev.agentrunner.engine;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.secret.MaskedTalk;
import dev.agentrunner.core.tamper.Suspicion;
import java.util.List;

/**
 * Events as they may be written down. All that happens in a run passes here before it is folded, so
 * that what is masked in the log is masked in the state, in the next prompt and in the report too.
 */
record MaskedEvents(Mask mask) {

  RunEvent of(RunEvent event) {
    MaskedTalk talk = new MaskedTalk(mask);
    return switch (event) {
      case RunEvent.RunStarted e ->
          new RunEvent.RunStarted(
              e.list(),
              e.tasks().stream().map(this::planned).toList(),
              e.provider(),
              e.model(),
              e.version());
      case RunEvent.RunResumed e ->
          new RunEvent.RunResumed(
              mask.text(e.decision()), e.changed().stream().map(this::planned).toList());
      case RunEvent.RunPaused e ->
          new RunEvent.RunPaused(e.reason(), mask.text(e.message()), e.resumeAt());
      case RunEvent.RunCompleted e -> e;
      case RunEvent.RunFailed e -> new RunEvent.RunFailed(mask.text(e.reason()));
      case RunEvent.RunCanceled e -> new RunEvent.RunCanceled(mask.text(e.reason()));
      case RunEvent.TaskStarted e -> e;
      case RunEvent.WorktreeOpened e ->
          new RunEvent.WorktreeOpened(e.task(), e.base(), mask.text(e.note()));
      case RunEvent.TaskCompleted e ->
          new RunEvent.TaskCompleted(e.task(), e.verified(), mask.text(e.summary()));
      case RunEvent.TaskFailed e -> new RunEvent.TaskFailed(e.task(), mask.text(e.reason()));
      case RunEvent.TaskSkipped e -> new RunEvent.TaskSkipped(e.task(), mask.text(e.reason()));
      case RunEvent.TaskReopened e -> e;
      case RunEvent.TaskBlocked e -> e;
      case RunEvent.AttemptStarted e ->
          new RunEvent.AttemptStarted(
              e.task(), e.attempt(), e.provider(), e.model(), mask.text(e.prompt()), e.session());
      case RunEvent.AgentFinished e ->
          new RunEvent.AgentFinished(e.task(), e.attempt(), mask.text(e.summary()));
      case RunEvent.AttemptFailed e ->
          new RunEvent.AttemptFailed(e.task(), e.attempt(), mask.text(e.reason()));
      case RunEvent.CheckpointTaken e ->
          new RunEvent.CheckpointTaken(
              e.task(), e.attempt(), e.when(), e.tree(), mask.text(e.note()));
      case RunEvent.FolderRestored e -> e;
      case RunEvent.TamperFound e ->
          new RunEvent.TamperFound(
              e.task(),
              e.attempt(),
              e.tree(),
              e.restored().stream().map(mask::fileText).toList(),
              e.suspicions().stream().map(this::suspicion).toList(),
              e.more());
      case RunEvent.HookStarted e ->
          new RunEvent.HookStarted(
              e.task(), e.attempt(), e.stage(), e.hook(), mask.text(e.command()));
      case RunEvent.HookEnded e ->
          new RunEvent.HookEnded(e.task(), e.attempt(), e.stage(), e.hook(), result(e.result()));
      case RunEvent.HookSkipped e -> e;
      case RunEvent.HookWaived e ->
          new RunEvent.HookWaived(
              e.task(), e.attempt(), e.stage(), e.hook(), mask.text(e.reason()));
      case RunEvent.ModelAsked e -> e;
      case RunEvent.ModelReplied e ->
          new RunEvent.ModelReplied(e.task(), e.attempt(), e.turn(), talk.reply(e.reply()));
      case RunEvent.ModelFailed e ->
          new RunEvent.ModelFailed(
              e.task(),
              e.attempt(),
              e.turn(),
              talk.failure(e.failure()),
              e.usage(),
              e.retryAt(),
              e.session());
      case RunEvent.ProviderSwitched e ->
          new RunEvent.ProviderSwitched(
              e.task(),
              e.attempt(),
              e.from(),
              e.provider(),
              e.model(),
              e.fresh(),
              mask.text(e.reason()));
      // The paths are where the files are: another one could not be found again.
      case RunEvent.ToolCalled e ->
          new RunEvent.ToolCalled(
              e.task(), e.attempt(), e.callId(), e.name(), e.changes(), mask.fileText(e.note()));
      case RunEvent.ToolReturned e ->
          new RunEvent.ToolReturned(e.task(), e.attempt(), talk.result(e.result()));
      case RunEvent.EditApplied e ->
          new RunEvent.EditApplied(e.task(), e.attempt(), talk.result(e.result()), e.changes());
      case RunEvent.EditRefused e ->
          new RunEvent.EditRefused(
              e.task(), e.attempt(), talk.result(e.result()), mask.fileText(e.path()));
      case RunEvent.MergeStarted e ->
          new RunEvent.MergeStarted(
              e.task(),
              e.attempt(),
              e.onto(),
              e.tree(),
              e.landing(),
              e.conflicts().stream().map(mask::fileText).toList());
      case RunEvent.MergeEnded e -> e;
      case RunEvent.GitCommitting e -> e;
      case RunEvent.GitCommitted e -> e;
      case RunEvent.GitPushing e -> e;
      case RunEvent.GitPushed e -> e;
      case RunEvent.GitDeclined e ->
          new RunEvent.GitDeclined(e.task(), e.attempt(), e.step(), mask.text(e.reason()));
      case RunEvent.StepInterrupted e -> e;
      case RunEvent.LimitReached e ->
          new RunEvent.LimitReached(e.task(), e.provider(), mask.text(e.message()), e.resetsAt());
      case RunEvent.ProviderLost e ->
          new RunEvent.ProviderLost(e.task(), e.provider(), mask.text(e.message()), e.until());
      case RunEvent.EscalationRaised e ->
          new RunEvent.EscalationRaised(
              e.task(),
              new Escalation(
                  e.escalation().task(),
                  e.escalation().cause(),
                  mask.text(e.escalation().summary())));
      case RunEvent.PersonAnswered e ->
          new RunEvent.PersonAnswered(e.task(), e.decision(), e.by(), e.advice().map(mask::text));
      case RunEvent.SkipRequested e -> e;
      case RunEvent.PersonTold e -> new RunEvent.PersonTold(e.task(), mask.text(e.text()), e.by());
      case RunEvent.QuestionAnswered e ->
          new RunEvent.QuestionAnswered(e.task(), mask.text(e.text()));
      case RunEvent.RunWarned e -> new RunEvent.RunWarned(mask.text(e.message()));
      case RunEvent.ApprovalRequested e ->
          new RunEvent.ApprovalRequested(
              e.task(),
              e.attempt(),
              e.callId(),
              e.digest(),
              mask.fileText(e.shown()),
              mask.fileText(e.why()),
              maskedOrNone(e.rules()));
      case RunEvent.ApprovalGiven e ->
          new RunEvent.ApprovalGiven(
              e.task(),
              e.attempt(),
              e.digest(),
              new Consent(e.consent().word(), mask.text(e.consent().reason())),
              e.by());
    };
  }

  private Suspicion suspicion(Suspicion one) {
    return new Suspicion(one.kind(), mask.fileText(one.path()), mask.fileText(one.detail()));
  }

  /** A rule with another text would allow something else; so one that holds a secret is none. */
  private List<String> maskedOrNone(List<String> rules) {
    return rules.stream().filter(rule -> mask.fileText(rule).equals(rule)).toList();
  }

  private RunEvent.RunStarted.Planned planned(RunEvent.RunStarted.Planned task) {
    return new RunEvent.RunStarted.Planned(
        task.id(), mask.text(task.title()), task.digest(), task.doneIn(), task.proposed());
  }

  HookResult result(HookResult result) {
    HookResult.End end =
        result.end() instanceof HookResult.NotStarted(String why)
            ? new HookResult.NotStarted(mask.text(why))
            : result.end();
    return new HookResult(
        end,
        mask.text(result.output()),
        result.outputBytes(),
        result.outputDigest(),
        result.took());
  }
}
