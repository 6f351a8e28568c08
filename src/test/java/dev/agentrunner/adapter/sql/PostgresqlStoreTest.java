package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.DispatchContract;
import dev.agentrunner.port.LeasedLogContract;
import dev.agentrunner.port.RegistryContract;
import dev.agentrunner.port.RunRacesContract;
import dev.agentrunner.port.RunStoreContract;
import dev.agentrunner.testing.ServerStore;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Its time is a row of a table, so that it goes by when told to. */
final class PostgresqlStoreTest {

  private static final long START = Instant.parse("2026-11-21T10:00:00Z").toEpochMilli();
  private static final String CLOCK = "(SELECT millis FROM side.test_clock)";

  private static Address.Postgresql address;

  @BeforeAll
  static void start() {
    address = PostgresqlServer.newDatabase();
    PostgresqlServer.execute(address, "CREATE SCHEMA side");
    PostgresqlServer.execute(address, "CREATE TABLE side.test_clock (millis BIGINT NOT NULL)");
    PostgresqlServer.execute(address, "INSERT INTO side.test_clock VALUES (0)");
  }

  private static ServerStore empty() {
    Database database = Database.open(address, CLOCK);
    PostgresqlServer.execute(
        address,
        "TRUNCATE projects, workflows, runs, run_labels, events, bodies, commands, workers,"
            + " artifacts, api_keys, idempotency, scheduled_tasks");
    PostgresqlServer.execute(address, "UPDATE side.test_clock SET millis = " + START);
    return new DatabaseStore(
        database,
        time ->
            PostgresqlServer.execute(
                address, "UPDATE side.test_clock SET millis = millis + " + time.toMillis()));
  }

  @Nested
  class Runs extends RunStoreContract {
    @Override
    protected ServerStore empty() {
      return PostgresqlStoreTest.empty();
    }
  }

  @Nested
  class Races extends RunRacesContract {
    @Override
    protected ServerStore empty() {
      return PostgresqlStoreTest.empty();
    }
  }

  @Nested
  class Logs extends LeasedLogContract {
    @Override
    protected ServerStore empty() {
      return PostgresqlStoreTest.empty();
    }
  }

  @Nested
  class TheRest extends RegistryContract {
    @Override
    protected ServerStore empty() {
      return PostgresqlStoreTest.empty();
    }
  }

  @Nested
  class Dispatches extends DispatchContract {
    @Override
    protected ServerStore empty() {
      return PostgresqlStoreTest.empty();
    }

    @Override
    protected Dispatch dispatch(ServerStore store) {
      return ((DatabaseStore) store).database().dispatch();
    }
  }
}
