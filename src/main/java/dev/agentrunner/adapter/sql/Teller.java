package dev.agentrunner.adapter.sql;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore.AppendListener;
import dev.agentrunner.port.RunStore.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what was committed: what this process has written at once, what others have by
 * looking again and again. One thread; it knows up to where each run was told, so that nothing is
 * told twice, left out, or out of order.
 */
final class Teller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

  /** A run that began and ended between two looks is still found this long after its end. */
  private static final Duration LATELY_ENDED = Duration.ofSeconds(60);

  private static final Duration LOOK_PAUSE = Duration.ofMillis(500);

  /** Where nobody else writes there is only to be forgotten what is over. */
  private static final Duration LOOK_PAUSE_ALONE = Duration.ofMinutes(1);

  private final Transactions transactions;
  private final StoredLog stored;
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<RunId, Long> told = new HashMap<>();
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("teller").factory(),
          // Nobody is there any more to be told.
          new ThreadPoolExecutor.DiscardPolicy());
  private final Optional<Hints> hints;
  private Instant lookedAt = Instant.EPOCH;

  /** Who writes into the same database. */
  sealed interface Beside {

    Nobody NOBODY = new Nobody();

    record Nobody() implements Beside {}

    /**
     * @param source of connections to exchange hints over
     */
    record Processes(DataSource source) implements Beside {}
  }

  Teller(Transactions transactions, StoredLog stored, Beside others) {
    this.transactions = transactions;
    this.stored = stored;
    this.hints =
        switch (others) {
          case Beside.Nobody() -> {
            lookEach(LOOK_PAUSE_ALONE);
            yield Optional.empty();
          }
          case Beside.Processes(DataSource source) -> {
            lookEach(LOOK_PAUSE);
            yield Optional.of(new Hints(source, this::lookSoon));
          }
        };
  }

  private void lookEach(Duration pause) {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookSoon() {
    if (!listeners.isEmpty()) {
      thread.execute(this::look);
    }
  }

  /** Says that events were committed by this process. */
  void appended(RunId run, List<Recorded> events) {
    hints.ifPresent(Hints::give);
    if (!listeners.isEmpty()) {
      List<Recorded> copy = List.copyOf(events);
      thread.execute(() -> tell(run, copy));
    }
  }

  Subscription add(AppendListener listener) {
    try {
      CompletableFuture.runAsync(() -> begin(listener), thread).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof EnvironmentException cause ? cause : e;
    }
    return () -> listeners.remove(listener);
  }

  private void begin(AppendListener listener) {
    if (listeners.isEmpty()) {
      told.clear();
      told.putAll(ends());
    }
    listeners.add(listener);
  }

  private void tell(RunId run, List<Recorded> events) {
    long last = told.getOrDefault(run, 0L);
    if (events.getFirst().seq() > last + 1) {
      read(run, last);
      return;
    }
    List<Recorded> fresh = events.stream().filter(recorded -> recorded.seq() > last).toList();
    if (!fresh.isEmpty()) {
      told.put(run, fresh.getLast().seq());
      for (AppendListener listener : listeners) {
        tell(listener, run, fresh);
      }
    }
  }

  private static void tell(AppendListener listener, RunId run, List<Recorded> events) {
    try {
      listener.appended(run, events);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed at events of {}", run, e);
    }
  }

  private void read(RunId run, long after) {
    List<Recorded> missed = new ArrayList<>();
    try {
      stored.read(run, after, missed::add);
    } catch (EnvironmentException e) {
      LOG.warn("Events of {} are told later: {}", run, e.getMessage());
    }
    if (!missed.isEmpty()) {
      tell(run, missed);
    }
  }

  private void look() {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      Map<RunId, Long> ends = ends();
      ends.forEach((run, seq) -> {
        long last = told.getOrDefault(run, 0L);
        if (seq > last) {
          read(run, last);
        }
      });
      told.keySet().retainAll(ends.keySet());
    } catch (EnvironmentException e) {
      LOG.warn("{}", e.getMessage());
    } catch (RuntimeException e) {
      // It must be looked again, whatever it was.
      LOG.error("What others have written could not be looked for", e);
    }
  }

  /** Where the logs end of runs that are open or were when last looked. */
  private Map<RunId, Long> ends() {
    return transactions.read(session -> {
      Instant now = session.now();
      // Longer ago than that only if the database could not be asked meanwhile.
      Instant since = (lookedAt.equals(Instant.EPOCH) ? now : lookedAt).minus(LATELY_ENDED);
      Map<RunId, Long> ends = new HashMap<>();
      session
          .query("SELECT id, last_seq FROM runs WHERE ended_at IS NULL OR ended_at >= :since")
          .bind("since", since.toEpochMilli())
          .map((row, context) -> ends.put(new RunId(row.getString("id")), row.getLong("last_seq")))
          .list();
      lookedAt = now;
      return ends;
    });
  }

  @Override
  public void close() {
    hints.ifPresent(Hints::close);
    thread.shutdownNow();
  }
}
