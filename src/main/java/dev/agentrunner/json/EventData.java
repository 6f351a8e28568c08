package dev.agentrunner.json;

import dev.agentrunner.core.run.Consent;
import dev.agentrunner.core.run.Decision;
import dev.agentrunner.core.run.GitStep;
import dev.agentrunner.core.run.HookStage;
import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.AgentFinished;
import dev.agentrunner.core.run.RunEvent.ApprovalGiven;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunEvent.AttemptFailed;
import dev.agentrunner.core.run.RunEvent.AttemptStarted;
import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.RunEvent.EditApplied;
import dev.agentrunner.core.run.RunEvent.EditRefused;
import dev.agentrunner.core.run.RunEvent.EscalationRaised;
import dev.agentrunner.core.run.RunEvent.FolderRestored;
import dev.agentrunner.core.run.RunEvent.GitCommitted;
import dev.agentrunner.core.run.RunEvent.GitCommitting;
import dev.agentrunner.core.run.RunEvent.GitDeclined;
import dev.agentrunner.core.run.RunEvent.GitPushed;
import dev.agentrunner.core.run.RunEvent.GitPushing;
import dev.agentrunner.core.run.RunEvent.HookEnded;
import dev.agentrunner.core.run.RunEvent.HookSkipped;
import dev.agentrunner.core.run.RunEvent.HookStarted;
import dev.agentrunner.core.run.RunEvent.HookWaived;
import dev.agentrunner.core.run.RunEvent.LimitReached;
import dev.agentrunner.core.run.RunEvent.MergeEnded;
import dev.agentrunner.core.run.RunEvent.MergeStarted;
import dev.agentrunner.core.run.RunEvent.ModelAsked;
import dev.agentrunner.core.run.RunEvent.ModelFailed;
import dev.agentrunner.core.run.RunEvent.ModelReplied;
import dev.agentrunner.core.run.RunEvent.PersonAnswered;
import dev.agentrunner.core.run.RunEvent.PersonTold;
import dev.agentrunner.core.run.RunEvent.ProviderLost;
import dev.agentrunner.core.run.RunEvent.ProviderSwitched;
import dev.agentrunner.core.run.RunEvent.QuestionAnswered;
import dev.agentrunner.core.run.RunEvent.RunCanceled;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunFailed;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunEvent.RunResumed;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunEvent.SkipRequested;
import dev.agentrunner.core.run.RunEvent.StepInterrupted;
import dev.agentrunner.core.run.RunEvent.TamperFound;
import dev.agentrunner.core.run.RunEvent.TaskBlocked;
import dev.agentrunner.core.run.RunEvent.TaskCompleted;
import dev.agentrunner.core.run.RunEvent.TaskFailed;
import dev.agentrunner.core.run.RunEvent.TaskReopened;
import dev.agentrunner.core.run.RunEvent.TaskSkipped;
import dev.agentrunner.core.run.RunEvent.TaskStarted;
import dev.agentrunner.core.run.RunEvent.ToolCalled;
import dev.agentrunner.core.run.RunEvent.ToolReturned;
import dev.agentrunner.core.run.RunEvent.WorktreeOpened;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;

/**
 * The {@code data} of each type of event: everything but the task and the attempt, which the
 * envelope holds.
 */
final class EventData {

  private static final Words<Decision> DECISIONS = new Words<>(Decision.values());
  private static final Words<Consent.Word> CONSENTS = new Words<>(Consent.Word.values());
  private static final Words<GitStep> GIT_STEPS = new Words<>(GitStep.values());
  private static final Words<HookStage> STAGES = new Words<>(HookStage.values());
  private static final Words<Moment> MOMENTS = new Words<>(Moment.values());
  private static final Words<PauseReason> PAUSES = new Words<>(PauseReason.values());

  private EventData() {}

  static void write(JsonWriter out, RunEvent event) throws IOException {
    switch (event) { // no default: a new kind of event must be met here before it compiles
      case RunStarted e ->
          out.text("list", e.list())
              .objects("tasks", e.tasks(), RunJson::planned)
              .text("provider", e.provider())
              .text("model", e.model())
              .text("version", e.version());
      case RunResumed e ->
          out.text("decision", e.decision()).objects("changed", e.changed(), RunJson::planned);
      case RunPaused e ->
          out.text("reason", PAUSES.word(e.reason()))
              .text("message", e.message())
              .timeIfAny("resume_at", e.resumeAt());
      case RunCompleted _ -> {}
      case RunFailed e -> out.text("reason", e.reason());
      case RunCanceled e -> out.text("reason", e.reason());
      case TaskStarted e -> {
        if (e.apart()) {
          out.flag("apart", true);
        }
      }
      case WorktreeOpened e -> out.text("base", e.base().hex()).text("note", e.note());
      case TaskCompleted e -> out.flag("verified", e.verified()).text("summary", e.summary());
      case TaskFailed e -> out.text("reason", e.reason());
      case TaskSkipped e -> out.text("reason", e.reason());
      case TaskReopened _ -> {}
      case TaskBlocked e -> out.text("by", e.by().value());
      case AttemptStarted e ->
          out.text("provider", e.provider())
              .text("model", e.model())
              .text("prompt", e.prompt())
              .objectIfAny("session", e.session(), ChatJson::echo);
      case AgentFinished e -> out.text("summary", e.summary());
      case AttemptFailed e -> out.text("reason", e.reason());
      case CheckpointTaken e ->
          out.text("when", MOMENTS.word(e.when()))
              .text("tree", e.tree().hex())
              .text("note", e.note());
      case FolderRestored e -> out.text("tree", e.tree().hex()).number("files", e.files());
      case TamperFound e ->
          out.text("tree", e.tree().hex())
              .objects("restored", e.restored(), RunJson::path)
              .objects("suspicions", e.suspicions(), RunJson::suspicion)
              .number("more", e.more());
      case HookStarted e ->
          out.text("stage", STAGES.word(e.stage()))
              .text("hook", e.hook().value())
              .text("command", e.command());
      case HookEnded e ->
          out.text("stage", STAGES.word(e.stage()))
              .text("hook", e.hook().value())
              .object("result", e.result(), RunJson::hookResult);
      case HookSkipped e ->
          out.text("stage", STAGES.word(e.stage()))
              .text("hook", e.hook().value())
              .text("reason", e.reason());
      case HookWaived e ->
          out.text("stage", STAGES.word(e.stage()))
              .text("hook", e.hook().value())
              .text("reason", e.reason());
      case ModelAsked e -> out.number("turn", e.turn());
      case ModelReplied e ->
          out.number("turn", e.turn()).object("reply", e.reply(), ChatJson::reply);
      case ModelFailed e ->
          out.number("turn", e.turn())
              .object("failure", e.failure(), ChatJson::failure)
              .object("usage", e.usage(), ChatJson::usage)
              .timeIfAny("retry_at", e.retryAt())
              .objectIfAny("session", e.session(), ChatJson::echo);
      case ProviderSwitched e ->
          out.text("from", e.from())
              .text("provider", e.provider())
              .text("model", e.model())
              .flag("fresh", e.fresh())
              .text("reason", e.reason());
      case ToolCalled e ->
          out.text("call_id", e.callId())
              .text("name", e.name())
              .objects("changes", e.changes(), RunJson::fileChange)
              .text("note", e.note());
      case ToolReturned e -> out.object("result", e.result(), ChatJson::toolResult);
      case EditApplied e ->
          out.object("result", e.result(), ChatJson::toolResult)
              .objects("changes", e.changes(), RunJson::fileChange);
      case EditRefused e ->
          out.object("result", e.result(), ChatJson::toolResult).text("path", e.path());
      case MergeStarted e -> WorktreeJson.started(out, e);
      case MergeEnded e -> WorktreeJson.ended(out, e);
      case GitCommitting e -> out.objects("changes", e.changes(), RunJson::fileChange);
      case GitCommitted e -> out.text("commit", e.commit()).text("branch", e.branch());
      case GitPushing e -> out.text("remote", e.remote()).text("branch", e.branch());
      case GitPushed e -> out.text("remote", e.remote()).text("branch", e.branch());
      case GitDeclined e -> out.text("step", GIT_STEPS.word(e.step())).text("reason", e.reason());
      case StepInterrupted e -> out.text("step", e.step());
      case RunWarned e -> out.text("message", e.message());
      case ApprovalRequested e ->
          out.text("call_id", e.callId())
              .text("digest", e.digest())
              .text("shown", e.shown())
              .text("why", e.why())
              .objects("rules", e.rules(), RunJson::rule);
      case ApprovalGiven e ->
          out.text("digest", e.digest())
              .text("verdict", CONSENTS.word(e.consent().word()))
              .text("reason", e.consent().reason())
              .text("by", e.by());
      case LimitReached e ->
          out.text("provider", e.provider())
              .text("message", e.message())
              .time("resets_at", e.resetsAt());
      case ProviderLost e ->
          out.text("provider", e.provider())
              .text("message", e.message())
              .timeIfAny("until", e.until());
      case EscalationRaised e -> out.object("escalation", e.escalation(), RunJson::escalation);
      case SkipRequested e -> out.text("reason", e.reason());
      case QuestionAnswered e -> out.text("text", e.text());
      case PersonTold e -> out.text("text", e.text()).text("by", e.by());
      case PersonAnswered e ->
          out.text("decision", DECISIONS.word(e.decision()))
              .text("by", e.by())
              .textIfAny("advice", e.advice());
    }
  }

  /**
   * The event of that type.
   *
   * @param line the envelope
   * @param in its {@code data}
   */
  static RunEvent read(String type, JsonObject line, JsonObject in) {
    return switch (type) {
      case "run.started" ->
          new RunStarted(
              in.text("list"),
              in.objects("tasks", RunJson::planned),
              in.text("provider"),
              in.text("model"),
              in.text("version"));
      case "run.resumed" ->
          new RunResumed(in.text("decision"), in.objects("changed", RunJson::planned));
      case "run.paused" -> paused(in);
      case "run.completed" -> new RunCompleted();
      case "run.failed" -> new RunFailed(in.text("reason"));
      case "run.canceled" -> new RunCanceled(in.text("reason"));
      case "task.started" -> new TaskStarted(task(line), in.flagIfAny("apart").orElse(false));
      case "worktree.opened" ->
          new WorktreeOpened(task(line), in.id("base", TreeId::new), in.text("note"));
      case "task.completed" ->
          new TaskCompleted(task(line), in.flag("verified"), in.text("summary"));
      case "task.failed" -> new TaskFailed(task(line), in.text("reason"));
      case "task.skipped" -> new TaskSkipped(task(line), in.text("reason"));
      case "task.reopened" -> new TaskReopened(task(line));
      case "task.blocked" -> new TaskBlocked(task(line), in.id("by", TaskId::new));
      case "attempt.started" ->
          new AttemptStarted(
              task(line),
              attempt(line),
              in.text("provider"),
              in.text("model"),
              in.text("prompt"),
              in.objectIfAny("session", ChatJson::echo));
      case "agent.finished" -> new AgentFinished(task(line), attempt(line), in.text("summary"));
      case "attempt.failed" -> new AttemptFailed(task(line), attempt(line), in.text("reason"));
      case "checkpoint.taken" ->
          new CheckpointTaken(
              task(line),
              attempt(line),
              in.word("when", MOMENTS),
              in.id("tree", TreeId::new),
              in.text("note"));
      case "folder.restored" ->
          new FolderRestored(
              task(line), attempt(line), in.id("tree", TreeId::new), in.integer("files"));
      case "tamper.found" -> tamperFound(line, in);
      case "hook.started" ->
          new HookStarted(
              task(line),
              attempt(line),
              in.word("stage", STAGES),
              in.id("hook", HookId::new),
              in.textIfAny("command").orElse(""));
      case "hook.ended" ->
          new HookEnded(
              task(line),
              attempt(line),
              in.word("stage", STAGES),
              in.id("hook", HookId::new),
              in.object("result", RunJson::hookResult));
      case "hook.skipped" ->
          new HookSkipped(
              task(line),
              attempt(line),
              in.word("stage", STAGES),
              in.id("hook", HookId::new),
              in.text("reason"));
      case "hook.waived" ->
          new HookWaived(
              task(line),
              attempt(line),
              in.word("stage", STAGES),
              in.id("hook", HookId::new),
              in.text("reason"));
      case "model.asked" -> new ModelAsked(task(line), attempt(line), in.integer("turn"));
      case "model.replied" ->
          new ModelReplied(
              task(line), attempt(line), in.integer("turn"), in.object("reply", ChatJson::reply));
      case "model.failed" ->
          new ModelFailed(
              task(line),
              attempt(line),
              in.integer("turn"),
              in.object("failure", ChatJson::failure),
              in.object("usage", ChatJson::usage),
              in.timeIfAny("retry_at"),
              in.objectIfAny("session", ChatJson::echo));
      case "provider.switched" ->
          new ProviderSwitched(
              task(line),
              attempt(line),
              in.text("from"),
              in.text("provider"),
              in.text("model"),
              in.flag("fresh"),
              in.text("reason"));
      case "tool.called" -> toolCalled(line, in);
      case "tool.returned" ->
          new ToolReturned(task(line), attempt(line), in.object("result", ChatJson::toolResult));
      case "edit.applied" ->
          new EditApplied(
              task(line),
              attempt(line),
              in.object("result", ChatJson::toolResult),
              in.objects("changes", RunJson::fileChange));
      case "edit.refused" ->
          new EditRefused(
              task(line),
              attempt(line),
              in.object("result", ChatJson::toolResult),
              in.text("path"));
      case "merge.started" -> WorktreeJson.started(task(line), attempt(line), in);
      case "merge.ended" -> WorktreeJson.ended(task(line), attempt(line), in);
      case "git.committing" ->
          new GitCommitting(task(line), attempt(line), in.objects("changes", RunJson::fileChange));
      case "git.committed" ->
          new GitCommitted(task(line), attempt(line), in.text("commit"), in.text("branch"));
      case "git.pushing" ->
          new GitPushing(task(line), attempt(line), in.text("remote"), in.text("branch"));
      case "git.pushed" ->
          new GitPushed(task(line), attempt(line), in.text("remote"), in.text("branch"));
      case "git.declined" ->
          new GitDeclined(task(line), attempt(line), in.word("step", GIT_STEPS), in.text("reason"));
      case "step.interrupted" -> new StepInterrupted(task(line), attempt(line), in.text("step"));
      case "run.warned" -> new RunWarned(in.text("message"));
      case "approval.requested" -> approvalRequested(line, in);
      case "approval.given" -> approvalGiven(line, in);
      case "limit.reached" ->
          new LimitReached(
              task(line), in.text("provider"), in.text("message"), in.time("resets_at"));
      case "provider.lost" ->
          new ProviderLost(
              task(line), in.text("provider"), in.text("message"), in.timeIfAny("until"));
      case "escalation.raised" ->
          new EscalationRaised(task(line), in.object("escalation", RunJson::escalation));
      case "skip.requested" -> new SkipRequested(task(line), in.text("reason"));
      case "person.told" -> new PersonTold(task(line), in.text("text"), in.text("by"));
      case "question.answered" -> new QuestionAnswered(task(line), in.text("text"));
      case "person.answered" ->
          new PersonAnswered(
              task(line), in.word("decision", DECISIONS), in.text("by"), in.textIfAny("advice"));
      default ->
          throw new UnreadableJsonException(
              "no such type of event is known here; was it written by a newer agent-runner?");
    };
  }

  static RunPaused paused(JsonObject in) {
    return new RunPaused(in.word("reason", PAUSES), in.text("message"), in.timeIfAny("resume_at"));
  }

  static TamperFound tamperFound(JsonObject line, JsonObject in) {
    return new TamperFound(
        task(line),
        attempt(line),
        in.id("tree", TreeId::new),
        in.objects("restored", RunJson::path),
        in.objects("suspicions", RunJson::suspicion),
        in.integer("more"));
  }

  static ToolCalled toolCalled(JsonObject line, JsonObject in) {
    return new ToolCalled(
        task(line),
        attempt(line),
        in.text("call_id"),
        in.text("name"),
        in.objects("changes", RunJson::fileChange),
        in.text("note"));
  }

  static ApprovalRequested approvalRequested(JsonObject line, JsonObject in) {
    return new ApprovalRequested(
        task(line),
        attempt(line),
        in.text("call_id"),
        in.text("digest"),
        in.text("shown"),
        in.text("why"),
        in.objects("rules", RunJson::rule));
  }

  static ApprovalGiven approvalGiven(JsonObject line, JsonObject in) {
    return new ApprovalGiven(
        task(line),
        attempt(line),
        in.text("digest"),
        new Consent(in.word("verdict", CONSENTS), in.text("reason")),
        in.text("by"));
  }

  private static TaskId task(JsonObject line) {
    return line.id("task", TaskId::new);
  }

  private static int attempt(JsonObject line) {
    return line.integer("attempt");
  }
}
