package dev.agentrunner.core.task;

/** What a user wants confined commands to be held by. */
public enum Sandboxing {

  /** The first that works here: bubblewrap, then Landlock. */
  AUTO,

  /** Bubblewrap or nothing. */
  BWRAP,

  /** Landlock or nothing. */
  LANDLOCK,

  /** Nothing: confined commands run with the environment they were given, and are not held. */
  OFF
}
