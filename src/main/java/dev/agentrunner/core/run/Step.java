package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What comes next in a run. */
public sealed interface Step {

  /** Write down what follows from what is known; nothing is done outside. */
  record Note(List<RunEvent> events) implements Step {

    public Note {
      events = List.copyOf(events);
    }

    static Note of(RunEvent... events) {
      return new Note(List.of(events));
    }
  }

  /** Something to be done outside, or looked up there. */
  sealed interface Effect extends Step {}

  /**
   * Keep how the task's folder looks.
   *
   * @param since how it looked before the first attempt; empty if this is it
   */
  record TakeCheckpoint(
      TaskId task, int attempt, TaskCheckpoints.Moment when, Optional<TreeId> since)
      implements Effect {}

  /** Put the task's folder back; doing it twice does no harm. */
  record RestoreFolder(TaskId task, int attempt, TreeId tree) implements Effect {}

  /**
   * Put protected files back and look for what weakens the checks; doing it twice does no harm.
   *
   * @param since how the folder looked before the task
   * @param noted whether what was found is written down
   */
  record GuardChecks(TaskId task, int attempt, TreeId since, boolean noted) implements Effect {}

  /** Run a hook. */
  record RunHook(TaskId task, int attempt, HookStage stage, HookId hook) implements Effect {}

  /**
   * Write the prompt and open a conversation with it.
   *
   * @param provider to have it with
   * @param setback what went wrong the last time
   */
  record OpenAttempt(TaskId task, int attempt, String provider, Optional<Setback> setback)
      implements Effect {}

  /**
   * Let another provider take over.
   *
   * @param closing what is to be written down about the one that cannot go on
   * @param fresh whether the conversation has to begin again
   */
  record SwitchProvider(
      TaskId task,
      int attempt,
      List<RunEvent> closing,
      String from,
      String to,
      boolean fresh,
      String reason)
      implements Effect {

    public SwitchProvider {
      closing = List.copyOf(closing);
    }
  }

  /**
   * Ask the model.
   *
   * @param failures how often it was asked for this very reply in vain, in a row
   */
  record AskModel(
      TaskId task, int attempt, int turn, String provider, int failures, ChatRequest request)
      implements Effect {}

  /**
   * Run a tool.
   *
   * @param begun what was written down when the call was begun before and its end is not known
   * @param approved a person's leave, if it was given; it holds for the call of its digest only
   */
  record CallTool(
      TaskId task,
      int attempt,
      ToolCall call,
      Optional<RunEvent.ToolCalled> begun,
      Optional<RunEvent.ApprovalGiven> approved)
      implements Effect {}

  /**
   * Ask whoever is there whether a tool may be run.
   *
   * @param open the question, if it was asked before and not answered
   */
  record AskApproval(
      TaskId task,
      int attempt,
      ToolCall call,
      Verdict.Ask verdict,
      Optional<RunEvent.ApprovalRequested> open)
      implements Effect {}

  /**
   * Commit what the task changed.
   *
   * @param failure why the attempt did not pass; empty if it did
   */
  record Commit(TaskId task, int attempt, Optional<String> failure) implements Effect {}

  /** Push the branch that was committed to. */
  record Push(TaskId task, int attempt, String branch) implements Effect {}

  /** Make the worktree that the task is to work in, or make it anew. */
  record OpenWorktree(TaskId task) implements Effect {}

  /**
   * Put the task's work together with what the user has.
   *
   * @param base what both began with
   * @param begun what was written down when it was begun before and its end is not known
   */
  record Merge(TaskId task, int attempt, TreeId base, Optional<Worktree.Merge> begun)
      implements Effect {}

  /** Nothing, until another task has put its work together with what the user has. */
  record AwaitTurn(TaskId task) implements Step {}

  /** Hold still; {@code task} is the one that waits. */
  record WaitUntil(TaskId task, int attempt, Instant due) implements Effect {}

  /** Ask whoever is there. */
  record AskPerson(Escalation escalation) implements Effect {}

  /** Nothing: the run is over, or stands still until it is resumed. */
  record End() implements Step {}
}
