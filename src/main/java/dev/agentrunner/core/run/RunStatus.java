package dev.agentrunner.core.run;

/**
 * How far a run is. Moves down this list, to one of the last three; only a person can reopen it.
 */
public enum RunStatus {
  QUEUED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELED;

  public boolean isFinal() {
    return this != QUEUED && this != RUNNING;
  }
}
