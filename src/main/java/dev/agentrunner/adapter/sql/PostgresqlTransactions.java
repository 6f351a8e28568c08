package dev.agentrunner.adapter.sql;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** PostgreSQL: a pool of connections, and work that got into other work's way begins again. */
final class PostgresqlTransactions implements Transactions {

  private static final int TRIES = 8;
  private static final Duration BETWEEN_TRIES_MAX = Duration.ofMillis(20);

  private final Address address;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Session.Words words;

  /**
   * @param now what the database is asked for the time with, in milliseconds
   */
  PostgresqlTransactions(Address address, HikariDataSource pool, String now) {
    this.address = address;
    this.pool = pool;
    this.jdbi = PlainJdbi.of(pool);
    this.words = new Session.Words(now, "FOR UPDATE");
  }

  @Override
  public <T> T read(Work<T> work) {
    Attempt<T> reading = () -> jdbi.withHandle(handle -> work.in(new Session(handle, words, 0)));
    return tried(() -> {
      try {
        return reading.make();
      } catch (RuntimeException e) {
        if (!DatabaseTrouble.isCut(e)) {
          throw e;
        }
        renewConnections();
        return reading.make(); // To read twice does no harm.
      }
    });
  }

  @Override
  public <T> T write(Work<T> work) {
    return tried(() -> jdbi.inTransaction(handle -> work.in(new Session(handle, words, 0))));
  }

  @Override
  public DataSource source() {
    return pool;
  }

  private interface Attempt<T> {
    T make();
  }

  private <T> T tried(Attempt<T> attempt) {
    for (int left = TRIES - 1; ; left--) {
      try {
        return attempt.make();
      } catch (RuntimeException e) {
        if (DatabaseTrouble.isCut(e)) {
          renewConnections();
        }
        if (left == 0 || !DatabaseTrouble.isInTheWay(e)) {
          throw DatabaseTrouble.of(e, address);
        }
        // Those who met would meet again if they went on at the same time.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(BETWEEN_TRIES_MAX.toNanos()));
      }
    }
  }

  /**
   * Where one was cut all may be, and those in the pool are found out only by whoever uses them.
   */
  private void renewConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  @Override
  public void close() {
    pool.close();
  }
}
