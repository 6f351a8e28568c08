package dev.agentrunner.core.report;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.Telling.Occasion;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody who is not looking is told.
 *
 * @param seq of the event that it is about; names the notice within the run
 * @param list the task list
 * @param title one line
 * @param message for people; a few lines at most
 * @param resumeAt when going on makes sense, where that is known
 */
public record Notice(
    Occasion occasion,
    RunId run,
    long seq,
    Instant at,
    String list,
    Optional<TaskId> task,
    String title,
    String message,
    Optional<Instant> resumeAt) {

  private static final int MESSAGE_CHARS_MAX = 1000;

  /** The same for the same event, however often it is told. */
  public String id() {
    return run + "-" + seq;
  }

  /**
   * What is to be told of an event.
   *
   * @param state with the event
   * @param attended whether somebody is asked on the screen; otherwise a question is only told when
   *     the run stops for it
   */
  public static Optional<Notice> of(Recorded recorded, RunState state, boolean attended) {
    Told told = new Told(recorded, state);
    return switch (recorded.event()) {
      case RunEvent.TaskFailed e ->
          Optional.of(told.of(Occasion.FAILURE, e.task() + " failed", e.reason()).about(e.task()));
      case RunEvent.RunCompleted _ -> Optional.of(told.of(Occasion.END, "the run is over", ""));
      case RunEvent.RunFailed e ->
          Optional.of(told.of(Occasion.END, "the run has failed", e.reason()));
      case RunEvent.RunCanceled e ->
          Optional.of(told.of(Occasion.END, "the run was given up", e.reason()));
      case RunEvent.RunPaused e -> Optional.of(told.of(e));
      case RunEvent.EscalationRaised e when attended ->
          Optional.of(
              told.of(Occasion.NEED, e.task() + " needs a person", e.escalation().summary())
                  .about(e.task()));
      case RunEvent.ApprovalRequested e when attended ->
          Optional.of(
              told.of(Occasion.NEED, e.task() + " needs leave to run a tool", e.shown())
                  .about(e.task()));
      default -> Optional.empty();
    };
  }

  /**
   * That a run broke off in a way its log could not be told.
   *
   * @param why for people
   */
  public static Notice brokenOff(RunState state, Instant at, String why) {
    return new Told(state, at).of(Occasion.FAILURE, "the run broke off", why);
  }

  private record Told(RunState state, Instant at) {

    Told(Recorded recorded, RunState state) {
      this(state, recorded.at());
    }

    Notice of(RunEvent.RunPaused pause) {
      return switch (pause.reason()) {
        case INTERRUPTED -> of(Occasion.END, "the run was stopped", pause.message());
        case QUOTA ->
            of(Occasion.LIMIT, "a quota is used up", pause.message()).until(pause.resumeAt());
        case BUDGET -> of(Occasion.LIMIT, "its budget is used up", pause.message());
        case NEEDS_PERSON -> of(Occasion.NEED, "a person must decide", pause.message());
        case ENVIRONMENT -> of(Occasion.FAILURE, "the run cannot go on", pause.message());
      };
    }

    Notice of(Occasion occasion, String what, String message) {
      String list = state.started().map(RunState.Start::list).orElse("");
      return new Notice(
          occasion,
          state.run(),
          state.seq(),
          at,
          list,
          Optional.empty(),
          "%s: %s".formatted(list.isEmpty() ? "agent-runner" : list, what),
          message.length() <= MESSAGE_CHARS_MAX
              ? message
              : message.substring(0, MESSAGE_CHARS_MAX - 3) + "...",
          Optional.empty());
    }
  }

  private Notice about(TaskId which) {
    return new Notice(occasion, run, seq, at, list, Optional.of(which), title, message, resumeAt);
  }

  private Notice until(Optional<Instant> when) {
    return new Notice(occasion, run, seq, at, list, task, title, message, when);
  }
}
