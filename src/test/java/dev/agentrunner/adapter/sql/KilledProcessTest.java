package dev.agentrunner.adapter.sql;

import static dev.agentrunner.testing.Orders.ANN;
import static dev.agentrunner.testing.Orders.LEASE;
import static dev.agentrunner.testing.Orders.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.core.run.RunEvent.RunWarned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.testing.Orders;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed at any moment; what it said to be durable is, and no half. */
final class KilledProcessTest {

  private static final int ROUNDS = 2;

  @TempDir private Path folder;

  private final Random random = new Random(7);

  @Test
  void a_kill_leaves_no_gap_and_no_half_in_sqlite() throws Exception {
    survivesKills("sqlite:" + folder.resolve("runs.db"));
  }

  @Test
  void a_kill_leaves_no_gap_and_no_half_in_postgresql() throws Exception {
    survivesKills(PostgresqlServer.newDatabase().jdbc() + "?user=postgres&password=postgres");
  }

  private void survivesKills(String url) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      int first = round * WritingProcess.RUNS;
      Map<RunId, Long> durable = killed(url, first);
      assertThat(durable).isNotEmpty();
      try (Database database = Database.open(url)) {
        durable.forEach((run, seq) -> isWhole(database, run, seq));
        areTakenOver(database, first);
      }
    }
  }

  /** What a process said to be durable before it was killed. */
  private Map<RunId, Long> killed(String url, int first) throws IOException, InterruptedException {
    int after = 50 + random.nextInt(300);
    Process process = WritingProcess.start(url, first);
    Map<RunId, Long> durable = new HashMap<>();
    int lines = 0;
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        String[] words = line.split(" ", 2);
        if (words.length == 2 && !words[1].isEmpty()) {
          durable.merge(new RunId(words[0]), Long.valueOf(words[1]), Math::max);
        }
        if (++lines == after) {
          // Unlike the process itself its handle lets what was said before be read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isEqualTo(137);
    return durable;
  }

  private static void isWhole(Database database, RunId run, long durable) {
    List<Recorded> events = new ArrayList<>();
    String digest = new StoredLog(database.transactions()).check(run, events::add);
    var end = database.transactions().read(session -> EventRows.end(session, run)).orElseThrow();
    assertThat(events.size()).isGreaterThanOrEqualTo((int) durable);
    assertThat(events.size() % WritingProcess.BATCH).isZero();
    assertThat(end.seq()).isEqualTo(events.size());
    assertThat(end.digest()).isEqualTo(digest);
    assertThat(end.mark().status()).isEqualTo(RunStatus.QUEUED);
  }

  private static void areTakenOver(Database database, int first) throws InterruptedException {
    List<RunId> begun =
        IntStream.range(first, first + WritingProcess.RUNS)
            .mapToObj(Orders::id)
            .filter(run -> database.runs().run(run).isPresent())
            .toList();
    BlockingQueue<Lease> taken = new LinkedBlockingQueue<>();
    try (Dispatch dispatch = database.dispatch()) {
      dispatch.start(run -> database.runs().claim(run, ANN, LEASE).ifPresent(taken::add));
      for (int i = 0; i < begun.size(); i++) {
        Lease lease = taken.poll(60, TimeUnit.SECONDS);
        assertThat(lease).isNotNull();
        assertThat(lease.run()).isIn(begun);
        append(
            database.runs(),
            lease,
            Orders.started(),
            new RunWarned("taken over"),
            new RunCompleted());
      }
    }
  }
}
