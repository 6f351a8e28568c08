package dev.agentrunner.adapter.notify;

import dev.agentrunner.core.report.Notice;
import dev.agentrunner.port.StopSignal;
import java.util.Optional;

/** One way to tell somebody. */
interface Way {

  /**
   * Tells it, within {@link LocalNotifier#PATIENCE}.
   *
   * @param stop when requested, it is given up
   * @return why it could not be told, for people and without secrets; empty if it was
   */
  Optional<String> tell(Notice notice, StopSignal stop);
}
