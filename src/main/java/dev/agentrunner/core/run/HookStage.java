package dev.agentrunner.core.run;

/** On which side of the agent a hook runs. */
public enum HookStage {
  PRE,
  /** Before the first attempt, to know what fails anyway. */
  BASELINE,
  POST,
  /** Once the task is over. */
  DEFER
}
