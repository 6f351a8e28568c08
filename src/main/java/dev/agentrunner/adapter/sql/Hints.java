package dev.agentrunner.adapter.sql;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints between the processes of one PostgreSQL that there is something to look at. One hint stands
 * for all that was written since the one before, and is given on a connection of its own after the
 * commit: a NOTIFY within a transaction makes its commit wait for all others. Whoever misses a hint
 * finds what it was about by looking.
 */
final class Hints implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

  private static final Duration GATHERED = Duration.ofMillis(20);
  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

  private final DataSource source;
  private final Runnable hinted;
  private final AtomicBoolean written = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param source of a connection that is not taken from those who wait for one
   * @param hinted is run when another process has written
   */
  Hints(DataSource source, Runnable hinted) {
    this.source = source;
    this.hinted = hinted;
    this.thread = Thread.ofPlatform().daemon().name("hints").start(this::exchangeAll);
  }

  /** Says that this process has written. */
  void give() {
    written.set(true);
  }

  private void exchangeAll() {
    while (!closed) {
      try {
        exchange();
      } catch (SQLException e) {
        LOG.debug("No hints for now: {}", e.getMessage());
        LockSupport.parkNanos(BEFORE_NEXT_TRY.toNanos());
      }
    }
  }

  private void exchange() throws SQLException {
    try (var connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      PGConnection ours = connection.unwrap(PGConnection.class);
      statement.execute("LISTEN agent_runner_written");
      while (!closed) {
        if (written.getAndSet(false)) {
          statement.execute("NOTIFY agent_runner_written");
        }
        var heard = ours.getNotifications((int) GATHERED.toMillis());
        if (heard != null
            && Arrays.stream(heard).anyMatch(hint -> hint.getPID() != ours.getBackendPID())) {
          hinted.run();
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
