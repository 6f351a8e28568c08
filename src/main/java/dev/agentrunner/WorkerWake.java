package dev.agentrunner;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.server.Wake;
import dev.agentrunner.server.work.Worker;
import java.util.Optional;

/** Tells the worker of this process, if there is one. */
record WorkerWake(Optional<Worker> worker) implements Wake {

  @Override
  public void submitted(RunId run) {
    worker.ifPresent(one -> one.offer(run));
  }

  @Override
  public void commanded(RunId run) {
    worker.ifPresent(one -> one.commanded(run));
  }
}
