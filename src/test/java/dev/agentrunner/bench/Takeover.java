package dev.agentrunner.bench;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.adapter.sql.WritingProcess;
import dev.agentrunner.core.queue.Lease;
import dev.agentrunner.core.run.RunEvent.RunCompleted;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.testing.Orders;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long after a kill -9 of a worker another one has its run: {@code Takeover URL TIMES}. The
 * lease is of 4 seconds, renewed each second.
 */
public final class Takeover {

  private static final int LINES_BEFORE_KILL = 40;

  private Takeover() {}

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    int times = Integer.parseInt(arguments[1]);
    try (Database database = Database.open(url);
        Dispatch dispatch = database.dispatch()) {
      BlockingQueue<Lease> taken = new LinkedBlockingQueue<>();
      // Before, it would be quicker than the worker that is to be killed.
      var free = new AtomicBoolean();
      dispatch.start(run -> {
        if (free.get()) {
          database.runs().claim(run, Orders.ANN, Orders.LEASE).ifPresent(taken::add);
        }
      });
      for (int i = 0; i < times; i++) {
        long killed = killed(url, 100 + i * 10);
        free.set(true);
        for (int run = 0; run < WritingProcess.RUNS; run++) {
          Lease lease = Objects.requireNonNull(taken.poll(60, TimeUnit.SECONDS));
          if (run == 0) {
            System.out.printf(
                Locale.ROOT,
                "takeover after kill -9: %.2f s%n",
                (System.nanoTime() - killed) / 1e9);
          }
          Orders.append(database.runs(), lease, new RunCompleted());
        }
        free.set(false);
      }
    }
  }

  /** Has a worker write for a while and kills it; returns when. */
  private static long killed(String url, int first) throws Exception {
    Process process = WritingProcess.start(url, first);
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < LINES_BEFORE_KILL; i++) {
        var _ = said.readLine();
      }
      process.destroyForcibly();
      long now = System.nanoTime();
      process.waitFor();
      return now;
    }
  }
}
