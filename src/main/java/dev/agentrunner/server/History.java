package dev.agentrunner.server;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.RunStore;
import java.util.ArrayList;
import java.util.List;

/** Reads a run's events a page at a time, so that nothing is held in the store meanwhile. */
final class History {

  static final int PAGE = 500;

  private final RunStore store;

  History(RunStore store) {
    this.store = store;
  }

  /** Ends reading once there is enough. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  /** The events past {@code after}, at most so many, oldest first. */
  List<Recorded> page(RunId run, long after, int most) {
    List<Recorded> page = new ArrayList<>();
    try {
      store
          .history()
          .read(
              run,
              after,
              recorded -> {
                page.add(recorded);
                if (page.size() == most) {
                  throw new Enough();
                }
              });
    } catch (Enough e) {
      // As it was meant.
    }
    return page;
  }
}
