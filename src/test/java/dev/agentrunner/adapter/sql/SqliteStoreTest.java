package dev.agentrunner.adapter.sql;

import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.DispatchContract;
import dev.agentrunner.port.LeasedLogContract;
import dev.agentrunner.port.RegistryContract;
import dev.agentrunner.port.RunRacesContract;
import dev.agentrunner.port.RunStoreContract;
import dev.agentrunner.testing.ServerStore;
import dev.agentrunner.testing.SettableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest {

  @TempDir private static Path folder;

  private static ServerStore store(Object test) {
    var clock = new SettableClock();
    Path file = folder.resolve(System.identityHashCode(test) + "-" + System.nanoTime() + ".db");
    return new DatabaseStore(Database.open(new Address.Sqlite(file), clock), clock::advance);
  }

  @Nested
  class Runs extends RunStoreContract {
    @Override
    protected ServerStore empty() {
      return store(this);
    }
  }

  @Nested
  class Races extends RunRacesContract {
    @Override
    protected ServerStore empty() {
      return store(this);
    }
  }

  @Nested
  class Logs extends LeasedLogContract {
    @Override
    protected ServerStore empty() {
      return store(this);
    }
  }

  @Nested
  class TheRest extends RegistryContract {
    @Override
    protected ServerStore empty() {
      return store(this);
    }
  }

  @Nested
  class Dispatches extends DispatchContract {
    @Override
    protected ServerStore empty() {
      return store(this);
    }

    @Override
    protected Dispatch dispatch(ServerStore store) {
      return ((DatabaseStore) store).database().dispatch();
    }
  }
}
