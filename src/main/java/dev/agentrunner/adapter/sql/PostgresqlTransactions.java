package dev.agentrunner.adapter.sql;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
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
    return tried(() -> jdbi.withHandle(handle -> work.in(new Session(handle, words, 0))));
  }

  @Override
  public <T> T write(Work<T> work) {
    return tried(() -> jdbi.inTransaction(handle -> work.in(new Session(handle, words, 0))));
  }

  private interface Attempt<T> {
    T make();
  }

  private <T> T tried(Attempt<T> attempt) {
    for (int left = TRIES - 1; ; left--) {
      try {
        return attempt.make();
      } catch (RuntimeException e) {
        if (left == 0 || !DatabaseTrouble.isInTheWay(e)) {
          throw DatabaseTrouble.of(e, address);
        }
        // Those who met would meet again if they went on at the same time.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(BETWEEN_TRIES_MAX.toNanos()));
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
