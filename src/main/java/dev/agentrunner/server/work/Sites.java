package dev.agentrunner.server.work;

import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunRecord;

/** Makes projects ready to be worked in. */
public interface Sites {

  /**
   * Takes the project for a run; nobody else works in it until the site is closed.
   *
   * @throws dev.agentrunner.port.UsageException with every fault of the list and the configuration
   * @throws dev.agentrunner.port.BusyException if somebody else works in it now
   * @throws dev.agentrunner.port.EnvironmentException if it cannot be worked in, such as for want
   *     of a key
   */
  Site open(Project project, RunRecord run);
}
