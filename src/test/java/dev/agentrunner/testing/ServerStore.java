package dev.agentrunner.testing;

import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import java.time.Duration;

/** What a server keeps, in a database or not, with time that goes by when told to. */
public interface ServerStore extends AutoCloseable {

  RunStore runs();

  Registry registry();

  /** Lets the store's time go by. */
  void pass(Duration time);

  @Override
  void close();

  /** In memory. */
  static ServerStore inMemory() {
    var clock = new SettableClock();
    var runs = new MemoryRunStore(clock);
    var registry = new MemoryRegistry(runs);
    return new ServerStore() {
      @Override
      public RunStore runs() {
        return runs;
      }

      @Override
      public Registry registry() {
        return registry;
      }

      @Override
      public void pass(Duration time) {
        clock.advance(time);
      }

      @Override
      public void close() {}
    };
  }
}
