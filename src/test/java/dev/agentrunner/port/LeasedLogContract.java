package dev.agentrunner.port;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.LEASE;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.RunMark;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.testing.Orders;
import dev.agentrunner.testing.ServerStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The log of a run in a store is a log like any other, for whoever holds the lease. */
public abstract class LeasedLogContract extends EventLogContract {

  private ServerStore kept;
  private final Map<RunId, Lease> leases = new HashMap<>();

  /** A store that is empty. */
  protected abstract ServerStore empty();

  @BeforeEach
  void claimAll() {
    kept = empty();
    for (RunId run : List.of(RUN, OTHER)) {
      kept.runs().submit(run, Orders.of("project of " + run));
      leases.put(run, kept.runs().claim(run, ANN, LEASE).orElseThrow());
    }
  }

  @AfterEach
  void close() {
    kept.close();
  }

  /** All kinds but those that nothing follows. */
  @Override
  protected List<Recorded> history(int count) {
    List<Recorded> open = new ArrayList<>();
    for (Recorded recorded : samples.history(2 * count + 10)) {
      if (!RunMark.QUEUED.after(recorded.event()).status().isFinal() && open.size() < count) {
        open.add(new Recorded(open.size() + 1L, recorded.at(), recorded.event()));
      }
    }
    return open;
  }

  @Override
  protected EventLog open() {
    Map<RunId, EventLog> logs = new HashMap<>();
    leases.forEach((run, lease) -> logs.put(run, kept.runs().log(lease)));
    return new EventLog() {
      @Override
      public void read(RunId run, long after, Consumer<Recorded> reader) {
        logs.getOrDefault(run, kept.runs().history()).read(run, after, reader);
      }

      @Override
      public void append(RunId run, List<Recorded> events) {
        logs.getOrDefault(run, kept.runs().history()).append(run, events);
      }
    };
  }
}
