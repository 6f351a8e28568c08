package dev.agentrunner.adapter.process;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where there is no {@code /proc}: whoever was seen as a descendant. A process that left the tree
 * between two looks is missed.
 */
final class PortableTree implements ProcessTree {

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();
  private volatile long lookedAt;

  PortableTree(ProcessHandle root) {
    seen.add(root);
    lookAgain();
  }

  @Override
  public void look() {
    if (System.nanoTime() - lookedAt >= LOOK_EVERY.toNanos()) {
      lookAgain();
    }
  }

  @Override
  public List<ProcessHandle> alive() {
    lookAgain();
    return List.copyOf(seen);
  }

  private void lookAgain() {
    seen.removeIf(process -> !process.isAlive());
    // Whose parent has ended is nobody's descendant any more, so each one seen is asked, not the
    // root alone.
    List.copyOf(seen).forEach(process -> process.descendants().forEach(seen::add));
    lookedAt = System.nanoTime();
  }
}
