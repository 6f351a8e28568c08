package dev.agentrunner.core.queue;

/** What a run on a server is about, beside its status. */
public enum RunPhase {
  /** Nobody works on it yet. */
  DISPATCHING,
  EXECUTING,
  /** It stands still until a person resumes it. */
  PAUSED,
  WAITING_FOR_QUOTA,
  WAITING_FOR_PERSON,
  /** Its end was asked for and is under way. */
  CANCELING,
  OVER
}
