package dev.agentrunner.testing;

/** What can be wrong with a question in a provider's eyes; each wire has its own words for it. */
public enum Trouble {
  /** Too many calls for the moment. */
  RATE,
  /** A quota that is used up, and comes back at a time that is told. */
  QUOTA_UNTIL,
  /** The same, but nobody says when. */
  QUOTA,
  /** Somebody must pay. */
  UNPAID,
  KEY,
  FORBIDDEN,
  NO_MODEL,
  TOO_LONG,
  /** The request is not what it should be. */
  STRANGE,
  /** The provider's own fault. */
  BROKEN,
  OVERLOADED
}
