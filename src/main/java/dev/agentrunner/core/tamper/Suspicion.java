package dev.agentrunner.core.tamper;

/**
 * A change that may weaken what a task is judged by; whether it does, a person can tell.
 *
 * @param path from the task's folder
 * @param detail what changed, in one line
 */
public record Suspicion(Kind kind, String path, String detail) {

  /** What was done. */
  public enum Kind {
    /** A file of tests is gone, and its tests are not elsewhere. */
    TEST_DELETED,
    /** A file has fewer tests, and they are not elsewhere. */
    TEST_REMOVED,
    /** More tests are skipped, or all but a few are. */
    TEST_SKIPPED,
    CI_TOUCHED,
    /** Or what configures tests, coverage or linters. */
    BUILD_TOUCHED,
    THRESHOLD_LOWERED
  }

  /** The whole of it, for people. */
  public String shown() {
    return path + ": " + detail;
  }
}
