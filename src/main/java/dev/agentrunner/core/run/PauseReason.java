package dev.agentrunner.core.run;

/** Why a run that is not over stands still. */
public enum PauseReason {
  /** A signal, or the user's wish. */
  INTERRUPTED,
  /** A quota is used up. */
  QUOTA,
  /** What the user allowed to be spent is spent. */
  BUDGET,
  /** A person must decide. */
  NEEDS_PERSON,
  /** The machine or the provider does not play along: key refused, unreachable, disk full. */
  ENVIRONMENT
}
