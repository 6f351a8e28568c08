package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.ModelFailure;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can happen in a run; what is not here did not happen. The log holds these and
 * nothing else, and {@link RunState} is what they add up to. {@code docs/events.md} describes each;
 * a test keeps the two together.
 */
public sealed interface RunEvent {

  /** The dotted name it has in the log. */
  String type();

  /** Something that happened to one task. */
  sealed interface OfTask extends RunEvent {
    TaskId task();
  }

  /**
   * Something that happened within one attempt at a task; pre-hooks run within attempt 0, before
   * the first.
   */
  sealed interface OfAttempt extends OfTask {
    int attempt();
  }

  // The run as a whole

  /**
   * The run begins.
   *
   * @param list the task list, as a path relative to the project where it can be
   * @param tasks all tasks of the run, in the order they will be taken up
   * @param provider asked unless a task says otherwise
   * @param model the same; empty if only the provider knows
   * @param version of agent-runner
   */
  record RunStarted(String list, List<Planned> tasks, String provider, String model, String version)
      implements RunEvent {

    public RunStarted {
      tasks = List.copyOf(tasks);
    }

    @Override
    public String type() {
      return "run.started";
    }

    /**
     * A task of the run.
     *
     * @param digest of its definition: another digest is another task under the same id
     * @param doneIn the earlier run that completed it, if one did: it is not run again
     * @param proposed whether it is done in a copy of its folder; that stays so until it is over
     */
    public record Planned(
        TaskId id, String title, String digest, Optional<RunId> doneIn, boolean proposed) {

      /** One that is done in the folder itself. */
      public Planned(TaskId id, String title, String digest, Optional<RunId> doneIn) {
        this(id, title, digest, doneIn, false);
      }
    }
  }

  /**
   * A stopped or crashed run goes on.
   *
   * @param decision what was found and what is done about it, for people
   * @param changed tasks whose definition is another one now, with the new digests
   */
  record RunResumed(String decision, List<RunStarted.Planned> changed) implements RunEvent {

    public RunResumed {
      changed = List.copyOf(changed);
    }

    @Override
    public String type() {
      return "run.resumed";
    }
  }

  /**
   * The run stands still until it is resumed.
   *
   * @param resumeAt when going on makes sense; empty if any time is as good
   */
  record RunPaused(PauseReason reason, String message, Optional<Instant> resumeAt)
      implements RunEvent {

    @Override
    public String type() {
      return "run.paused";
    }
  }

  /** Every task is completed or skipped. The end. */
  record RunCompleted() implements RunEvent {

    @Override
    public String type() {
      return "run.completed";
    }
  }

  /** Tasks failed or could not be reached, or the fail-safe ended the run. The end. */
  record RunFailed(String reason) implements RunEvent {

    @Override
    public String type() {
      return "run.failed";
    }
  }

  /** The user gave it up. The end. */
  record RunCanceled(String reason) implements RunEvent {

    @Override
    public String type() {
      return "run.canceled";
    }
  }

  /** Something the user should know about the run as a whole, though it stops nothing. */
  record RunWarned(String message) implements RunEvent {

    @Override
    public String type() {
      return "run.warned";
    }
  }

  // Tasks

  /**
   * The task is taken up.
   *
   * @param apart whether it works in a worktree of its own, beside others
   */
  record TaskStarted(TaskId task, boolean apart) implements OfTask {

    /** One that works in the folder itself. */
    public TaskStarted(TaskId task) {
      this(task, false);
    }

    @Override
    public String type() {
      return "task.started";
    }
  }

  /**
   * The task's worktree is there.
   *
   * @param base how the repository's files looked that it was made from
   * @param note what is not in it and why, a line each; mostly empty
   */
  record WorktreeOpened(TaskId task, TreeId base, String note) implements OfTask {

    @Override
    public String type() {
      return "worktree.opened";
    }
  }

  /**
   * The task is done.
   *
   * @param verified whether any post-hook stood guard; otherwise only the agent says so
   * @param summary the agent's own words; may be empty
   */
  record TaskCompleted(TaskId task, boolean verified, String summary) implements OfTask {

    @Override
    public String type() {
      return "task.completed";
    }
  }

  /** The task is given up. */
  record TaskFailed(TaskId task, String reason) implements OfTask {

    @Override
    public String type() {
      return "task.failed";
    }
  }

  /** Somebody, or the policy, chose to leave the task out. */
  record TaskSkipped(TaskId task, String reason) implements OfTask {

    @Override
    public String type() {
      return "task.skipped";
    }
  }

  /**
   * A person wants the task to be worked on again, or decided about anew, whatever became of it. A
   * run that was over goes on.
   */
  record TaskReopened(TaskId task) implements OfTask {

    @Override
    public String type() {
      return "task.reopened";
    }
  }

  /** A task that this one depends on is not going to be done. */
  record TaskBlocked(TaskId task, TaskId by) implements OfTask {

    @Override
    public String type() {
      return "task.blocked";
    }
  }

  // Attempts

  /**
   * A conversation begins.
   *
   * @param prompt the first message, whole
   * @param session that it goes on with; empty for a fresh one
   */
  record AttemptStarted(
      TaskId task,
      int attempt,
      String provider,
      String model,
      String prompt,
      Optional<Echo> session)
      implements OfAttempt {

    @Override
    public String type() {
      return "attempt.started";
    }
  }

  /**
   * The agent says it is done, or has no more to say; the post-hooks decide.
   *
   * @param summary the agent's words; may be empty
   */
  record AgentFinished(TaskId task, int attempt, String summary) implements OfAttempt {

    @Override
    public String type() {
      return "agent.finished";
    }
  }

  /**
   * The attempt came to nothing.
   *
   * @param reason for people and for the next attempt's prompt
   */
  record AttemptFailed(TaskId task, int attempt, String reason) implements OfAttempt {

    @Override
    public String type() {
      return "attempt.failed";
    }
  }

  // Checkpoints

  /**
   * How the task's folder looks was kept.
   *
   * @param note what of it could not be kept, a line each; mostly empty
   */
  record CheckpointTaken(
      TaskId task, int attempt, TaskCheckpoints.Moment when, TreeId tree, String note)
      implements OfAttempt {

    @Override
    public String type() {
      return "checkpoint.taken";
    }
  }

  /**
   * The folder of a task that is given up was put back to how it was before the first attempt.
   *
   * @param tree how it looks again
   * @param files how many differed
   */
  record FolderRestored(TaskId task, int attempt, TreeId tree, int files) implements OfAttempt {

    @Override
    public String type() {
      return "folder.restored";
    }
  }

  /**
   * The agent is done or can do no more, and files that judge its work are not as they were. Noted
   * before anything is put back.
   *
   * @param tree how the folder looks with all of it
   * @param restored protected files that are put back, by path
   * @param suspicions what else may weaken the checks, by path
   * @param more how many of both are not named, since there are too many
   */
  record TamperFound(
      TaskId task,
      int attempt,
      TreeId tree,
      List<String> restored,
      List<Suspicion> suspicions,
      int more)
      implements OfAttempt {

    public TamperFound {
      restored = List.copyOf(restored);
      suspicions = List.copyOf(suspicions);
    }

    @Override
    public String type() {
      return "tamper.found";
    }
  }

  // Steps: an intent, then what came of it

  /**
   * A hook is about to be started.
   *
   * @param command as a person would type it
   */
  record HookStarted(TaskId task, int attempt, HookStage stage, HookId hook, String command)
      implements OfAttempt {

    @Override
    public String type() {
      return "hook.started";
    }
  }

  /** The hook has ended. */
  record HookEnded(TaskId task, int attempt, HookStage stage, HookId hook, HookResult result)
      implements OfAttempt {

    @Override
    public String type() {
      return "hook.ended";
    }
  }

  /**
   * A hook whose turn it was is not run.
   *
   * @param reason for people
   */
  record HookSkipped(TaskId task, int attempt, HookStage stage, HookId hook, String reason)
      implements OfAttempt {

    @Override
    public String type() {
      return "hook.skipped";
    }
  }

  /**
   * A hook failed, and what comes after it goes on all the same.
   *
   * @param reason for people
   */
  record HookWaived(TaskId task, int attempt, HookStage stage, HookId hook, String reason)
      implements OfAttempt {

    @Override
    public String type() {
      return "hook.waived";
    }
  }

  /** The model is about to be asked for its {@code turn}-th reply. */
  record ModelAsked(TaskId task, int attempt, int turn) implements OfAttempt {

    @Override
    public String type() {
      return "model.asked";
    }
  }

  /** The model has answered. */
  record ModelReplied(TaskId task, int attempt, int turn, Reply reply) implements OfAttempt {

    @Override
    public String type() {
      return "model.replied";
    }
  }

  /**
   * The model has not answered.
   *
   * @param retryAt when the next try is due; empty if there is none
   * @param session as far as the other side remembers it; empty if it does not
   */
  record ModelFailed(
      TaskId task,
      int attempt,
      int turn,
      ModelFailure failure,
      Usage usage,
      Optional<Instant> retryAt,
      Optional<Echo> session)
      implements OfAttempt {

    @Override
    public String type() {
      return "model.failed";
    }
  }

  /**
   * Another provider takes over in the middle of an attempt.
   *
   * @param from the provider that cannot go on
   * @param model the new one's
   * @param fresh whether the conversation begins again with its prompt, because what was said means
   *     nothing to the other
   */
  record ProviderSwitched(
      TaskId task,
      int attempt,
      String from,
      String provider,
      String model,
      boolean fresh,
      String reason)
      implements OfAttempt {

    @Override
    public String type() {
      return "provider.switched";
    }
  }

  /**
   * A tool is about to be run.
   *
   * @param changes files it is going to write, with the content they have now and will have then:
   *     after a crash this tells whether it was done. Empty for tools that only read.
   * @param note what the model will be told when the changes stand; empty for tools that only read
   */
  record ToolCalled(
      TaskId task, int attempt, String callId, String name, List<FileChange> changes, String note)
      implements OfAttempt {

    public ToolCalled {
      changes = List.copyOf(changes);
    }

    @Override
    public String type() {
      return "tool.called";
    }
  }

  /** The tool has run, and changed no file; one of the three ends of a tool call. */
  record ToolReturned(TaskId task, int attempt, ToolResult result) implements OfAttempt {

    @Override
    public String type() {
      return "tool.returned";
    }
  }

  /** The tool has run, and changed files; one of the three ends of a tool call. */
  record EditApplied(TaskId task, int attempt, ToolResult result, List<FileChange> changes)
      implements OfAttempt {

    public EditApplied {
      changes = List.copyOf(changes);
    }

    @Override
    public String type() {
      return "edit.applied";
    }
  }

  /** The edit could not be made, no file was touched; one of the three ends of a tool call. */
  record EditRefused(TaskId task, int attempt, ToolResult result, String path)
      implements OfAttempt {

    @Override
    public String type() {
      return "edit.refused";
    }
  }

  // Git

  /**
   * What a task did in its worktree is about to be put together with what the user has.
   *
   * @param onto how the repository's files look by now in the user's folder
   * @param tree what comes of both
   * @param landing whether that goes into the user's folder; otherwise into the worktree, to be
   *     judged there
   * @param conflicts paths, from the top of the repository, of the files that do not fit; bytes
   *     that are no UTF-8 are escaped
   */
  record MergeStarted(
      TaskId task, int attempt, TreeId onto, TreeId tree, boolean landing, List<String> conflicts)
      implements OfAttempt {

    public MergeStarted {
      conflicts = List.copyOf(conflicts);
    }

    @Override
    public String type() {
      return "merge.started";
    }
  }

  /**
   * The end of that.
   *
   * @param before how the task's folder looked in {@code onto}
   * @param files how many were written
   */
  record MergeEnded(TaskId task, int attempt, MergeEnd end, TreeId before, int files)
      implements OfAttempt {

    @Override
    public String type() {
      return "merge.ended";
    }
  }

  /**
   * What the task changed is about to be committed.
   *
   * @param changes since it was last committed
   */
  record GitCommitting(TaskId task, int attempt, List<FileChange> changes) implements OfAttempt {

    public GitCommitting {
      changes = List.copyOf(changes);
    }

    @Override
    public String type() {
      return "git.committing";
    }
  }

  /**
   * It is committed.
   *
   * @param commit its id in hex
   */
  record GitCommitted(TaskId task, int attempt, String commit, String branch) implements OfAttempt {

    @Override
    public String type() {
      return "git.committed";
    }
  }

  /** The branch is about to be pushed. */
  record GitPushing(TaskId task, int attempt, String remote, String branch) implements OfAttempt {

    @Override
    public String type() {
      return "git.pushing";
    }
  }

  /** The branch has been pushed. */
  record GitPushed(TaskId task, int attempt, String remote, String branch) implements OfAttempt {

    @Override
    public String type() {
      return "git.pushed";
    }
  }

  /** There was no commit, or no push; the work is where it was. */
  record GitDeclined(TaskId task, int attempt, GitStep step, String reason) implements OfAttempt {

    @Override
    public String type() {
      return "git.declined";
    }
  }

  /**
   * A step was begun and its end was never written: the runner was stopped or died. The step is
   * repeated.
   *
   * @param step what it was, for people, such as {@code hook unit-tests}
   */
  record StepInterrupted(TaskId task, int attempt, String step) implements OfAttempt {

    @Override
    public String type() {
      return "step.interrupted";
    }
  }

  /**
   * A tool call needs a person's leave.
   *
   * @param digest SHA-256 in hex of the exact call: the tool, its arguments and the folder
   * @param shown the call with all its arguments, control characters made visible, for people
   * @param why it is asked for
   * @param rules what an {@code always} allows for the rest of the run; empty if it is no choice
   */
  record ApprovalRequested(
      TaskId task,
      int attempt,
      String callId,
      String digest,
      String shown,
      String why,
      List<String> rules)
      implements OfAttempt {

    public ApprovalRequested {
      rules = List.copyOf(rules);
    }

    @Override
    public String type() {
      return "approval.requested";
    }
  }

  /**
   * The leave is given or refused, for the call of that digest and no other.
   *
   * @param by {@code person}, or {@code policy} when nobody was there
   */
  record ApprovalGiven(TaskId task, int attempt, String digest, Consent consent, String by)
      implements OfAttempt {

    @Override
    public String type() {
      return "approval.given";
    }
  }

  // Limits and people

  /**
   * The provider will not take calls before {@code resetsAt}.
   *
   * @param resetsAt as the provider says, or estimated where it does not
   */
  record LimitReached(TaskId task, String provider, String message, Instant resetsAt)
      implements OfTask {

    @Override
    public String type() {
      return "limit.reached";
    }
  }

  /**
   * The provider cannot be asked, and another one stands in for it.
   *
   * @param until when it may be asked again; empty if not before a person has acted
   */
  record ProviderLost(TaskId task, String provider, String message, Optional<Instant> until)
      implements OfTask {

    @Override
    public String type() {
      return "provider.lost";
    }
  }

  /** A person is needed. */
  record EscalationRaised(TaskId task, Escalation escalation) implements OfTask {

    @Override
    public String type() {
      return "escalation.raised";
    }
  }

  /**
   * Somebody wants the task under way left alone; what was under way is cut short.
   *
   * @param reason for whoever asks why it was skipped
   */
  record SkipRequested(TaskId task, String reason) implements OfTask {

    @Override
    public String type() {
      return "skip.requested";
    }
  }

  /**
   * A person told the agent something that it had not asked: it hears of it at its next turn, or,
   * if it is not at work, when the next attempt begins.
   */
  record PersonTold(TaskId task, String text, String by) implements OfTask {

    @Override
    public String type() {
      return "person.told";
    }
  }

  /**
   * A person told the agent what it had asked.
   *
   * @param text as the model is told
   */
  record QuestionAnswered(TaskId task, String text) implements OfTask {

    @Override
    public String type() {
      return "question.answered";
    }
  }

  /**
   * The question is settled.
   *
   * @param by {@code person}, or {@code policy} when nobody was there
   * @param advice that the next attempts are told on top of the task, in place of any told before
   */
  record PersonAnswered(TaskId task, Decision decision, String by, Optional<String> advice)
      implements OfTask {

    @Override
    public String type() {
      return "person.answered";
    }
  }
}
