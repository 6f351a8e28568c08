package dev.agentrunner.core.run;

/** On which side of the agent a hook runs. */
public enum HookStage {
  PRE,
  POST,
  /** Once the task is over. */
  DEFER
}
