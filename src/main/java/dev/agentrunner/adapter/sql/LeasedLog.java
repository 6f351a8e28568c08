package dev.agentrunner.adapter.sql;

import dev.agentrunner.adapter.sql.EventRows.End;
import dev.agentrunner.adapter.sql.EventRows.Lines;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EventLog;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The log of one run for whoever holds its lease. What it reads is checked back to the first. */
final class LeasedLog implements EventLog {

  private final Lease lease;
  private final Transactions transactions;
  private final StoredLog stored;
  private final Teller teller;
  private @Nullable End end;

  LeasedLog(Lease lease, Transactions transactions, StoredLog stored, Teller teller) {
    this.lease = lease;
    this.transactions = transactions;
    this.stored = stored;
    this.teller = teller;
  }

  @Override
  public void read(RunId run, long after, Consumer<Recorded> reader) {
    var _ =
        stored.check(
            run,
            recorded -> {
              if (recorded.seq() > after) {
                reader.accept(recorded);
              }
            });
  }

  @Override
  public synchronized void append(RunId run, List<Recorded> events) {
    if (!run.equals(lease.run())) {
      throw lost();
    }
    Lines lines = EventRows.lines(run, before(events.getFirst()), events);
    // Known again only once it is known to be there.
    end = null;
    boolean added = transactions.write(session -> EventRows.add(session, lease, lines));
    if (!added) {
      throw lost();
    }
    end = lines.after();
    teller.appended(run, events);
  }

  private End before(Recorded first) {
    if (end == null || end.seq() + 1 != first.seq()) {
      end =
          transactions.read(session -> EventRows.end(session, lease.run())).orElseThrow(this::lost);
    }
    return end;
  }

  private LostRunException lost() {
    return new LostRunException(
        "%s does not hold %s any more".formatted(lease.worker(), lease.run()));
  }
}
