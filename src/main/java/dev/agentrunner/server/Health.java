package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.RunStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether the server lives, can be of use, and what there is to do. */
final class Health implements Resource {

  private final String version;
  private final RunStore store;
  private final Broadcast broadcast;
  private final Access access;
  private final AtomicBoolean ending = new AtomicBoolean();

  Health(String version, RunStore store, Broadcast broadcast, Access access) {
    this.version = version;
    this.store = store;
    this.broadcast = broadcast;
    this.access = access;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/healthz", Scope.READ, Health::alive).open(),
        Route.get("/readyz", Scope.READ, this::ready).open(),
        Route.get("/version", Scope.READ, this::version).open(),
        Route.get("/status", Scope.READ, this::status));
  }

  /** From now on the server says that it is not ready. */
  void end() {
    ending.set(true);
  }

  private static Answer alive(Call call) {
    return Answer.json(200, "ok", (out, word) -> out.text("status", word));
  }

  private Answer ready(Call call) {
    if (ending.get()) {
      throw notReady("The server is about to end.");
    }
    try {
      store.now();
    } catch (EnvironmentException e) {
      throw notReady("The store does not answer.");
    }
    return Answer.json(200, "ready", (out, word) -> out.text("status", word));
  }

  private static ProblemException notReady(String reason) {
    return new ProblemException(
        Problem.of(503, "not-ready", "The server cannot be of use now", reason)
            .withHeader("Retry-After", "5"));
  }

  private Answer version(Call call) {
    return Answer.json(200, version, (out, text) -> out.text("version", text));
  }

  private Answer status(Call call) {
    Map<RunStore.Standing, Long> counts = store.counts();
    List<WorkerRecord> workers = store.workers();
    return Answer.json(
        200,
        counts,
        (out, runs) ->
            out.text("version", version)
                .time("now", store.now())
                .flag("open", access.isOpen())
                .number("streams", broadcast.following())
                .objects(
                    "runs",
                    runs.entrySet(),
                    (of, count) -> {
                      RunStatus status = count.getKey().status();
                      RunPhase phase = count.getKey().phase();
                      of.text("status", status.name())
                          .text("phase", Shown.lower(phase))
                          .number("count", count.getValue());
                    })
                .objects("workers", workers, Shown::worker));
  }
}
