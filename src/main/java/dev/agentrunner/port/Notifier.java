package dev.agentrunner.port;

import dev.agentrunner.core.report.Notice;

/**
 * Tells people who are not looking. Nothing that goes wrong with that changes anything else. Safe
 * for use by many threads.
 */
public interface Notifier extends AutoCloseable {

  /** Sends a notice off to all who want it, and returns at once. Never throws. */
  void tell(Notice notice);

  /** Waits for what is under way, for some seconds at most; the rest is given up. Never throws. */
  @Override
  void close();
}
