package dev.agentrunner.cli;

import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskStatus;

/**
 * What the program tells whoever started it. The numbers are part of the interface; {@code
 * docs/exit-codes.md} explains.
 */
public enum ExitCode {
  DONE(0),
  FAILED(1),
  USAGE(2),
  SKIPPED(3),
  NEEDS_PERSON(4),
  ENVIRONMENT(5),
  BUDGET(6),
  BUG(70),
  QUOTA(75),
  HANGUP(129),
  INTERRUPTED(130),
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /**
   * How a run that is over or stands still ended.
   *
   * @param stoppedBy the code for the signal that asked it to stop, if one did
   */
  static ExitCode of(RunState state, ExitCode stoppedBy) {
    return switch (state.status()) {
      case COMPLETED ->
          state.tasks().stream()
                  .anyMatch(task ->
                      task.status() == TaskStatus.SKIPPED || task.status() == TaskStatus.BLOCKED)
              ? SKIPPED
              : DONE;
      case FAILED -> FAILED;
      case CANCELED -> stoppedBy;
      case QUEUED, RUNNING ->
          state
              .pause()
              .map(pause ->
                  switch (pause.reason()) {
                    case INTERRUPTED -> stoppedBy;
                    case QUOTA -> QUOTA;
                    case BUDGET -> BUDGET;
                    case NEEDS_PERSON -> NEEDS_PERSON;
                    case ENVIRONMENT -> ENVIRONMENT;
                  })
              .orElse(stoppedBy);
    };
  }
}
