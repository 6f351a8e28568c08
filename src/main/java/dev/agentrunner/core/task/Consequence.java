package dev.agentrunner.core.task;

/** What follows when a hook fails. */
public enum Consequence {
  /** Another attempt, that is told of it. */
  RETRY,
  /** Nothing but a word about it. */
  WARN,
  /** The task has failed. */
  BLOCK,
  /** A person decides. */
  ASK
}
