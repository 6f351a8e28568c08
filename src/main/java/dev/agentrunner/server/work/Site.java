package dev.agentrunner.server.work;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.run.Plan;
import dev.agentrunner.core.run.RunEvent.RunStarted;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.engine.Surroundings;
import dev.agentrunner.port.EventLog;
import dev.agentrunner.port.People;
import dev.agentrunner.port.RunWatcher;
import java.util.List;

/** A project taken for one run. */
public interface Site extends AutoCloseable {

  Plan plan();

  /** What the run begins with. */
  RunStarted started();

  /** What the engine needs, with the run's events going to {@code log}. */
  Surroundings surroundings(EventLog log, People people);

  /** Keeps the logs for people. */
  RunWatcher keeper();

  /** Ends every process of the run at once. Callable from any thread. */
  void endProcesses();

  /** Keeps what the run leaves behind now that it stands where it stands: diff, reports, logs. */
  List<ArtifactRecord> leave(RunState state);

  @Override
  void close();
}
