package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.recorded;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.testing.Orders;
import java.time.Duration;
import java.util.List;

/**
 * Writes events into several runs, three at a time, until it is killed: {@code WritingProcess URL
 * FIRST}. Says {@code RUN SEQ} once events are durable.
 */
public final class WritingProcess {

  static final int RUNS = 4;
  static final int BATCH = 3;
  static final Duration LEASE = Duration.ofSeconds(2);

  private WritingProcess() {}

  /** See above. */
  public static void main(String[] arguments) {
    int first = Integer.parseInt(arguments[1]);
    Database database = Database.open(arguments[0]);
    for (int i = 0; i < RUNS; i++) {
      int number = first + i;
      Thread.ofPlatform().start(() -> write(database, number));
    }
  }

  private static void write(Database database, int number) {
    database.runs().submit(id(number), Orders.of("p" + number));
    Lease lease =
        database.runs().claim(id(number), new WorkerId("doomed-" + number), LEASE).orElseThrow();
    EventLog log = database.runs().log(lease);
    for (long seq = 1; ; seq += BATCH) {
      List<Recorded> batch =
          List.of(
              recorded(seq, new RunWarned("one")),
              recorded(seq + 1, new RunWarned("x".repeat(seq % 10 == 1 ? 100_000 : 10))),
              recorded(seq + 2, new RunWarned("three")));
      log.append(id(number), batch);
      System.out.println(id(number) + " " + (seq + BATCH - 1));
    }
  }
}
