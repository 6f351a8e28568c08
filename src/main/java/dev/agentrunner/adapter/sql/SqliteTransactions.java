package dev.agentrunner.adapter.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentrunner.port.EnvironmentException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * SQLite: one thread writes, and commits at once what has gathered meanwhile. Many connections that
 * write would wait for each other by turns of the file's lock, for seconds; and each commit waits
 * for the disk, so that a commit for many is hardly dearer than one.
 *
 * <p>Each piece of work has a savepoint of its own: one that fails takes back nothing but itself.
 */
final class SqliteTransactions implements Transactions {

  /** As many as fit well into a commit: more would keep those waiting that came first. */
  private static final int BATCH_MAX = 256;

  private static final int READERS = 4;

  private static final Session.Words WORDS = new Session.Words(":now", "");

  private final Address address;
  private final InstantSource clock;
  private final AtomicLong latest = new AtomicLong();
  private final Jdbi writing;
  private final HikariDataSource readers;
  private final Jdbi reading;
  private final BlockingQueue<Turn<?>> waiting = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile boolean closed;
  private @Nullable Handle open;

  /**
   * @param clock of this process; time that goes back is held
   */
  SqliteTransactions(Address.Sqlite address, InstantSource clock) {
    this.address = address;
    this.clock = clock;
    this.writing = PlainJdbi.of(SqliteFiles.source(address));
    var config = new HikariConfig();
    config.setDataSource(SqliteFiles.source(address));
    config.setMaximumPoolSize(READERS);
    config.setPoolName("sqlite-readers");
    this.readers = new HikariDataSource(config);
    this.reading = PlainJdbi.of(readers);
    this.writer = Thread.ofPlatform().daemon().name("sqlite-writer").start(this::writeAll);
  }

  private long now() {
    return latest.accumulateAndGet(clock.millis(), Math::max);
  }

  @Override
  public <T> T read(Work<T> work) {
    try {
      return reading.withHandle(handle -> work.in(new Session(handle, WORDS, now())));
    } catch (RuntimeException e) {
      throw DatabaseTrouble.of(e, address);
    }
  }

  @Override
  public <T> T write(Work<T> work) {
    var turn = new Turn<>(work);
    waiting.add(turn);
    if (closed) {
      refuseWaiting();
    }
    try {
      return turn.committed.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? DatabaseTrouble.of(cause, address) : e;
    }
  }

  /** What is written there waits for the file's lock like everybody else: let it be little. */
  @Override
  public DataSource source() {
    return readers;
  }

  /** Work that waits for a commit, or got one. */
  private static final class Turn<T> {

    private final Work<T> work;
    private final CompletableFuture<T> committed = new CompletableFuture<>();
    private @Nullable Runnable success;

    Turn(Work<T> work) {
      this.work = work;
    }

    void perform(Session session) {
      T result = work.in(session);
      success = () -> committed.complete(result);
    }

    void fail(Throwable e) {
      success = null;
      committed.completeExceptionally(e);
    }

    void tell() {
      if (success != null) {
        success.run();
      }
    }
  }

  private void writeAll() {
    List<Turn<?>> batch = new ArrayList<>();
    while (!closed) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException e) {
        continue; // Only to be closed.
      }
      waiting.drainTo(batch, BATCH_MAX - 1);
      commit(batch);
      batch.clear();
    }
    refuseWaiting();
    if (open != null) {
      open.close();
    }
  }

  private void commit(List<Turn<?>> batch) {
    try {
      Handle handle = open == null ? writing.open() : open;
      open = handle;
      handle.execute("BEGIN IMMEDIATE");
      for (Turn<?> turn : batch) {
        perform(turn, handle);
      }
      handle.execute("COMMIT");
      batch.forEach(Turn::tell);
    } catch (RuntimeException | Error e) {
      forget();
      batch.forEach(turn -> turn.fail(e));
    }
  }

  private void perform(Turn<?> turn, Handle handle) {
    handle.execute("SAVEPOINT work");
    try {
      turn.perform(new Session(handle, WORDS, now()));
    } catch (RuntimeException | Error e) {
      handle.execute("ROLLBACK TO work");
      turn.fail(e);
    }
    handle.execute("RELEASE work");
  }

  /** Closing takes back what was not committed; the next batch has a connection of its own. */
  private void forget() {
    if (open != null) {
      try {
        open.close();
      } catch (RuntimeException e) {
        // What it was closed for is told to everybody who waits.
      }
      open = null;
    }
  }

  private void refuseWaiting() {
    for (Turn<?> turn = waiting.poll(); turn != null; turn = waiting.poll()) {
      turn.fail(new EnvironmentException("%s was closed.".formatted(address.shown())));
    }
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    readers.close();
  }
}
