package dev.agentrunner.bench;

import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.id;
import static dev.agentrunner.testing.Orders.recorded;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.queue.WorkerId;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.testing.Orders;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many events and whole runs a second a store takes, beside a bare loop that commits one row at
 * a time on the same disk: {@code StoreLoad FOLDER SECONDS}. PostgreSQL is a real one, with fsync.
 */
public final class StoreLoad {

  private static final List<Integer> WRITERS = List.of(1, 8, 32);
  private static final String TEXT = "x".repeat(120);

  private final String name;
  private final RunStore store;
  private final long nanos;
  private final AtomicInteger next = new AtomicInteger();

  private StoreLoad(String name, RunStore store, long seconds) {
    this.name = name;
    this.store = store;
    this.nanos = seconds * 1_000_000_000;
  }

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long seconds = Long.parseLong(arguments[1]);
    bareSync(folder, seconds);
    String sqlite = "jdbc:sqlite:" + folder.resolve("bare.db");
    bareCommits("sqlite", sqlite + "?journal_mode=WAL&synchronous=FULL", seconds);
    measured("sqlite", "sqlite:" + folder.resolve("runs.db"), seconds);
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start()) {
      String postgresql =
          "jdbc:postgresql://localhost:%d/postgres?user=postgres&password=postgres"
              .formatted(server.getPort());
      bareCommits("postgresql", postgresql, seconds);
      measured("postgresql", postgresql, seconds);
    }
  }

  private static void measured(String name, String url, long seconds) throws Exception {
    try (Database database = Database.open(url)) {
      var load = new StoreLoad(name, database.runs(), seconds);
      load.wholeRuns(8, false); // To warm up.
      for (int writers : WRITERS) {
        load.events(writers);
      }
      for (int writers : WRITERS) {
        load.wholeRuns(writers, true);
      }
    }
  }

  private void events(int writers) throws Exception {
    long done = atOnce(writers, this::appendFor);
    say("%s, events, %d writers".formatted(name, writers), done, nanos);
  }

  private long appendFor() {
    int number = next.incrementAndGet();
    store.submit(id(number), Orders.of("p" + number));
    Lease lease = store.claim(id(number), new WorkerId("w"), LEASE).orElseThrow();
    EventLog log = store.log(lease);
    long end = System.nanoTime() + nanos;
    long seq = 0;
    while (System.nanoTime() < end) {
      log.append(id(number), List.of(recorded(++seq, new RunWarned(TEXT))));
    }
    return seq;
  }

  private void wholeRuns(int writers, boolean said) throws Exception {
    long done = atOnce(writers, this::runFor);
    if (said) {
      say("%s, whole runs, %d workers".formatted(name, writers), done, nanos);
    }
  }

  private long runFor() {
    String project = "q" + next.incrementAndGet();
    long end = System.nanoTime() + nanos;
    long runs = 0;
    while (System.nanoTime() < end) {
      Orders.runThrough(store, id(next.incrementAndGet()), project, new WorkerId("w"));
      runs++;
    }
    return runs;
  }

  /** Work of one writer; returns how much it did. */
  private interface Work {
    long amount();
  }

  private static long atOnce(int writers, Work work)
      throws InterruptedException, ExecutionException {
    long sum = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        all.add(threads.submit(work::amount));
      }
      for (Future<Long> one : all) {
        sum += one.get();
      }
    }
    return sum;
  }

  private static void bareSync(Path folder, long seconds) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            folder.resolve("bare.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] line = new byte[300];
      long nanos = seconds * 1_000_000_000;
      long end = System.nanoTime() + nanos;
      long done = 0;
      while (System.nanoTime() < end) {
        out.write(ByteBuffer.wrap(line));
        out.force(false);
        done++;
      }
      say("bare file, append and fdatasync, 1 writer", done, nanos);
    }
    Files.delete(folder.resolve("bare.log"));
  }

  private static void bareCommits(String name, String url, long seconds) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bare (id BIGINT PRIMARY KEY, line TEXT)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO bare VALUES (?, ?)")) {
        long nanos = seconds * 1_000_000_000;
        long end = System.nanoTime() + nanos;
        long done = 0;
        while (System.nanoTime() < end) {
          insert.setLong(1, ++done);
          insert.setString(2, TEXT + TEXT);
          insert.executeUpdate();
        }
        say(name + ", bare loop of one-row commits, 1 writer", done, nanos);
        // What is there must be ours alone.
        statement.execute("DROP TABLE bare");
      }
    }
  }

  private static void say(String what, long done, long nanos) {
    System.out.printf(Locale.ROOT, "%-45s %,9.0f /s%n", what, done * 1e9 / nanos);
  }
}
