package dev.agentrunner.core.run;

/** What of git a run does by itself. */
public enum GitStep {
  COMMIT,
  PUSH
}
