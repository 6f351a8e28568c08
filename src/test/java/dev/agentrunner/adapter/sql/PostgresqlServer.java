package dev.agentrunner.adapter.sql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL, one for all tests of this JVM; it ends with it. */
public final class PostgresqlServer {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private PostgresqlServer() {}

  /** Started when it is first asked for. */
  private static final class Started {

    private static final Optional<EmbeddedPostgres> SERVER = start();

    private static Optional<EmbeddedPostgres> start() {
      try {
        return Optional.of(EmbeddedPostgres.builder().start());
      } catch (IOException | RuntimeException e) {
        return Optional.empty();
      }
    }
  }

  /** A new database, empty; the test is skipped where the server cannot be started. */
  static Address.Postgresql newDatabase() {
    return (Address.Postgresql) Address.parse(newDatabaseUrl());
  }

  /** The same, by its address. */
  public static String newDatabaseUrl() {
    Assumptions.assumeTrue(
        Started.SERVER.isPresent(), "PostgreSQL cannot be started on this machine");
    EmbeddedPostgres server = Started.SERVER.orElseThrow();
    String name = "test" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return "postgresql://postgres:postgres@localhost:%d/%s".formatted(server.getPort(), name);
  }

  /** Does something to a database by the side. */
  static void execute(Address.Postgresql address, String sql) {
    execute(address.shown().substring(address.shown().lastIndexOf('/') + 1), sql);
  }

  private static void execute(String database, String sql) {
    try (Connection connection =
            Started.SERVER.orElseThrow().getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
