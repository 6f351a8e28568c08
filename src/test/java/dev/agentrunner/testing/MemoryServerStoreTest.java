package dev.agentrunner.testing;

import dev.agentrunner.port.LeasedLogContract;
import dev.agentrunner.port.RegistryContract;
import dev.agentrunner.port.RunRacesContract;
import dev.agentrunner.port.RunStoreContract;
import org.junit.jupiter.api.Nested;

final class MemoryServerStoreTest {

  @Nested
  class Runs extends RunStoreContract {
    @Override
    protected ServerStore empty() {
      return ServerStore.inMemory();
    }
  }

  @Nested
  class Races extends RunRacesContract {
    @Override
    protected ServerStore empty() {
      return ServerStore.inMemory();
    }
  }

  @Nested
  class Logs extends LeasedLogContract {
    @Override
    protected ServerStore empty() {
      return ServerStore.inMemory();
    }
  }

  @Nested
  class TheRest extends RegistryContract {
    @Override
    protected ServerStore empty() {
      return ServerStore.inMemory();
    }
  }
}
