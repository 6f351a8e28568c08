package dev.agentrunner.port;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A wish to stop what is under way, raised once by one thread and heeded by others. Safe for use by
 * many threads.
 */
public final class StopSignal {

  private final Set<Runnable> actions = new LinkedHashSet<>();
  private boolean requested;

  public synchronized boolean requested() {
    return requested;
  }

  /** Raises the wish; every registered action runs now, on this thread. Later calls do nothing. */
  public void request() {
    Set<Runnable> due;
    synchronized (this) {
      if (requested) {
        return;
      }
      requested = true;
      due = Set.copyOf(actions);
      notifyAll();
    }
    due.forEach(Runnable::run);
  }

  /**
   * Has {@code action} run when the wish is raised, or now if it was raised already. Close the
   * result when there is nothing left to stop.
   */
  public Registration onRequest(Runnable action) {
    synchronized (this) {
      if (!requested) {
        actions.add(action);
        return () -> {
          synchronized (this) {
            actions.remove(action);
          }
        };
      }
    }
    action.run();
    return () -> {};
  }

  /** Ends the interest in a {@link StopSignal}. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
