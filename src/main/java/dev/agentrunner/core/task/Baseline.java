package dev.agentrunner.core.task;

/** Whether it is looked before a task which of its post-hooks fail anyway. */
public enum Baseline {
  OFF,
  /** A hook that fails the same way afterwards does not stand in the way. */
  ON,
  /** A task is not begun while one fails. */
  GREEN
}
