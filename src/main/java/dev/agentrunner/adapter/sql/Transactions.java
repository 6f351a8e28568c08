package dev.agentrunner.adapter.sql;

import javax.sql.DataSource;

/**
 * Runs work on one database, each in a transaction of its own. What trouble the database has is
 * thrown as {@link dev.agentrunner.port.EnvironmentException}; what the work throws comes through,
 * and undoes the work. Safe for use by many threads.
 */
interface Transactions extends AutoCloseable {

  /** Once this returns, a crash no longer undoes the work, which may be done more than once. */
  <T> T write(Work<T> work);

  /** Work that changes nothing, and sees all that was written before. */
  <T> T read(Work<T> work);

  /** Connections for a library that has transactions of its own. */
  DataSource source();

  @Override
  void close();

  /** What is done in a transaction. It must touch nothing but the database. */
  interface Work<T> {
    T in(Session session);
  }
}
