package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.EventJson.Line;
import dev.agentrunner.json.UnreadableJsonException;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog;
import java.util.List;
import java.util.function.Consumer;

/** The events of all runs, to be read. Lines are taken as they stand. */
final class StoredLog implements EventLog {

  private static final int PAGE = 256;

  private final Transactions transactions;

  StoredLog(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void read(RunId run, long after, Consumer<Recorded> reader) {
    var json = new EventJson(new StoredBodies(transactions, run));
    long last = after;
    List<byte[]> page;
    do {
      long from = last;
      page = transactions.read(session -> EventRows.read(session, run, from, PAGE));
      for (byte[] bytes : page) {
        Recorded recorded = line(json, run, bytes).recorded();
        last = recorded.seq();
        reader.accept(recorded);
      }
    } while (page.size() == PAGE);
  }

  /**
   * Reads the events from the first, and checks that each line is as it was written and names the
   * one before.
   *
   * @return the digest of the last line
   */
  String check(RunId run, Consumer<Recorded> reader) {
    var json = new EventJson(new StoredBodies(transactions, run));
    String digest = EventJson.NO_LINE;
    long last = 0;
    List<byte[]> page;
    do {
      long from = last;
      page = transactions.read(session -> EventRows.read(session, run, from, PAGE));
      for (byte[] bytes : page) {
        Line line = line(json, run, bytes);
        last++;
        if (line.recorded().seq() != last
            || !line.run().equals(run)
            || !line.prev().equals(digest)) {
          throw damaged(run, "event %d does not follow the one before it".formatted(last));
        }
        digest = EventJson.digest(bytes, 0, bytes.length);
        reader.accept(line.recorded());
      }
    } while (page.size() == PAGE);
    return digest;
  }

  private static Line line(EventJson json, RunId run, byte[] bytes) {
    try {
      return json.read(bytes, 0, bytes.length);
    } catch (UnreadableJsonException e) {
      throw damaged(run, String.valueOf(e.getMessage()));
    }
  }

  private static EnvironmentException damaged(RunId run, String how) {
    return new EnvironmentException(
        "The log of run %s is not as it was written: %s. Put the database back from a backup, or start a new run."
            .formatted(run, how));
  }

  @Override
  public void append(RunId run, List<Recorded> events) {
    throw new IllegalStateException("only who holds the lease of a run writes its events");
  }
}
