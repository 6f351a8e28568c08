package dev.agentrunner.core.task;

/** What becomes of the changes of a task that is given up. */
public enum GiveUp {
  /** They stay. */
  KEEP,
  /** The folder is put back to how it was before the first attempt. */
  RESTORE
}
