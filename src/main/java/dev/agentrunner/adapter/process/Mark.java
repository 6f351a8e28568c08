package dev.agentrunner.adapter.process;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What everything that one job starts can be known by. Children inherit it twice: in an environment
 * variable, and, where {@code prlimit} is there, as the soft limit on file locks, which Linux has
 * not heeded since 2.4.25. A program that clears or overwrites its environment, as daemons that set
 * their title do, still carries the limit.
 *
 * @param token 18 digits, different for each job on a machine
 */
record Mark(String token) {

  private static final String VARIABLE = "AGENT_RUNNER_JOB";

  static Mark random() {
    long least = 100_000_000_000_000_000L;
    return new Mark(Long.toString(ThreadLocalRandom.current().nextLong(least, 10 * least)));
  }

  /**
   * Adds this mark to those of the jobs around it: a runner that runs in a hook belongs to that
   * hook too.
   */
  void putInto(Map<String, String> environment) {
    environment.merge(VARIABLE, token, (outer, own) -> outer + "," + own);
  }

  /** Whether the mark stands in what was read of a process's environment or limits. */
  boolean isIn(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(token);
  }
}
