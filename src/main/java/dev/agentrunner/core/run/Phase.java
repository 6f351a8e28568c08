package dev.agentrunner.core.run;

/** What a run that is not over is about; waiting is a phase, not a status. */
public enum Phase {
  EXECUTING,
  PAUSED,
  WAITING_FOR_QUOTA,
  WAITING_FOR_PERSON,
  /** The run is over. */
  OVER
}
