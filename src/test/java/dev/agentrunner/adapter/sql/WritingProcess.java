package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.recorded;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.testing.Orders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Writes events into several runs, three at a time, until it is killed: {@code WritingProcess URL
 * FIRST}. Says {@code RUN SEQ} once events are durable.
 */
public final class WritingProcess {

  public static final int RUNS = 4;
  static final int BATCH = 3;

  private static final Duration BEAT = Duration.ofSeconds(1);

  private WritingProcess() {}

  /** See above. */
  public static void main(String[] arguments) {
    int first = Integer.parseInt(arguments[1]);
    Database database = Database.open(arguments[0]);
    ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    for (int i = 0; i < RUNS; i++) {
      int number = first + i;
      Thread.ofPlatform().start(() -> write(database, beats, number));
    }
  }

  /** Starts such a process. */
  public static Process start(String url, int first) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            WritingProcess.class.getName(),
            url,
            Integer.toString(first))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void write(Database database, ScheduledExecutorService beats, int number) {
    database.runs().submit(id(number), Orders.of("p" + number));
    var worker = new WorkerId("doomed-" + number);
    Lease lease = database.runs().claim(id(number), worker, LEASE).orElseThrow();
    var _ =
        beats.scheduleAtFixedRate(
            () -> database.runs().beat(worker, List.of(lease), LEASE),
            BEAT.toMillis(),
            BEAT.toMillis(),
            TimeUnit.MILLISECONDS);
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
