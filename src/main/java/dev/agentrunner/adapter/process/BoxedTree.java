package dev.agentrunner.adapter.process;

import java.util.List;

/**
 * A process that keeps others in a box: they die with it at once. So it is not asked to end as long
 * as there is anyone else who might want to clean up first.
 *
 * @param root the number of the process that keeps the others
 */
record BoxedTree(long root, ProcessTree whole) implements ProcessTree {

  @Override
  public void look() {
    whole.look();
  }

  @Override
  public List<ProcessHandle> alive() {
    List<ProcessHandle> all = whole.alive();
    List<ProcessHandle> kept = all.stream().filter(one -> one.pid() != root).toList();
    return kept.isEmpty() ? all : kept;
  }
}
