package dev.agentrunner.adapter.process;

import java.util.List;

/**
 * A process and everything that it started, however far that has moved away. Safe for use by many
 * threads.
 */
sealed interface ProcessTree permits LinuxTree, PortableTree, BoxedTree {

  /** Takes note of who belongs to it; to be called now and then while its root is alive. */
  void look();

  /**
   * Those alive, each bound to its start time, so that a signal cannot reach another process with
   * the same number.
   */
  List<ProcessHandle> alive();
}
