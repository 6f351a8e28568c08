package dev.agentrunner.server;

import dev.agentrunner.core.run.RunId;

/**
 * Nudges the workers of this process. It only saves them a wait: what is to be done stands in the
 * store. Returns at once and never throws.
 */
public interface Wake {

  /** There is a new run. */
  void submitted(RunId run);

  /** Somebody wants something of a run. */
  void commanded(RunId run);
}
