package dev.agentrunner.port;

import dev.agentrunner.testing.ServerStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What contracts of a server's store begin and end with. */
abstract class ServerStoreContract {

  protected ServerStore kept;

  /** A store that is empty. */
  protected abstract ServerStore empty();

  @BeforeEach
  void openStore() {
    kept = empty();
  }

  @AfterEach
  void closeStore() {
    kept.close();
  }
}
