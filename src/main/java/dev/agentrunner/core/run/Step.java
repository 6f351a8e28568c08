package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ToolCall;
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

  /** Run a hook. */
  record RunHook(TaskId task, int attempt, HookStage stage, HookId hook) implements Effect {}

  /**
   * Write the prompt and open a conversation with it.
   *
   * @param setback what went wrong the last time
   */
  record OpenAttempt(TaskId task, int attempt, Optional<Setback> setback) implements Effect {}

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
   */
  record CallTool(TaskId task, int attempt, ToolCall call, Optional<RunEvent.ToolCalled> begun)
      implements Effect {}

  /**
   * Commit what the task changed.
   *
   * @param failure why the attempt did not pass; empty if it did
   */
  record Commit(TaskId task, int attempt, Optional<String> failure) implements Effect {}

  /** Push the branch that was committed to. */
  record Push(TaskId task, int attempt, String branch) implements Effect {}

  /** Hold still; {@code task} is the one that waits. */
  record WaitUntil(TaskId task, int attempt, Instant due) implements Effect {}

  /** Ask whoever is there. */
  record AskPerson(Escalation escalation) implements Effect {}

  /** Nothing: the run is over, or stands still until it is resumed. */
  record End() implements Step {}
}
