package dev.agentrunner.core.run;

/**
 * How far a task is. From pending to running to one of the last four, or straight to one of them;
 * only a person sets it back.
 */
public enum TaskStatus {
  PENDING,
  RUNNING,
  COMPLETED,
  FAILED,
  SKIPPED,
  BLOCKED;

  public boolean isFinal() {
    return this != PENDING && this != RUNNING;
  }
}
