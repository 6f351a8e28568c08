package dev.agentrunner.core.task;

/** What becomes of an attempt that may have weakened the checks it is judged by. */
public enum OnTamper {
  /** It is named, and the post-hooks judge. */
  WARN,
  /** It fails. */
  FAIL
}
