package dev.agentrunner.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.EventLogContract;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryEventLogTest extends EventLogContract {

  private final MemoryEventLog log = new MemoryEventLog();

  @Override
  protected EventLog open() {
    return log;
  }

  @Test
  void it_can_begin_anywhere_in_a_history() {
    List<Recorded> history = samples.history(5);

    assertThat(MemoryEventLog.holding(RUN, List.of()).all(RUN)).isEmpty();
    assertThat(MemoryEventLog.holding(RUN, history).all(RUN)).isEqualTo(history);
  }
}
