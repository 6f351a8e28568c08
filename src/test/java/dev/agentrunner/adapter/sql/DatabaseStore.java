package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.testing.ServerStore;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A database whose time is the test's.
 *
 * @param advance lets its time go by
 */
record DatabaseStore(Database database, Consumer<Duration> advance) implements ServerStore {

  @Override
  public RunStore runs() {
    return database.runs();
  }

  @Override
  public Registry registry() {
    return database.registry();
  }

  @Override
  public void pass(Duration time) {
    advance.accept(time);
  }

  @Override
  public void close() {
    database.close();
  }
}
