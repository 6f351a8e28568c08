package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.json.ProvidersJson;
import dev.agentrunner.port.RunStore;
import java.util.List;

/** Who works on runs, and with which providers. */
final class Workers implements Resource {

  private final RunStore store;
  private final Workshop workshop;

  Workers(RunStore store, Workshop workshop) {
    this.store = store;
    this.workshop = workshop;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/workers", Scope.READ, this::list),
        Route.post("/workers/{id}/drain", Scope.ADMIN, this::drain),
        Route.get("/providers", Scope.READ, this::providers));
  }

  private Answer list(Call call) {
    return Answer.json(
        200, store.workers(), (out, all) -> out.objects("workers", all, Shown::worker));
  }

  private Answer drain(Call call) {
    call.sent().end();
    WorkerRecord worker = worker(call);
    store.drain(worker.id());
    return Answer.json(202, worker(call), Shown::worker);
  }

  private WorkerRecord worker(Call call) {
    return store.workers().stream()
        .filter(worker -> worker.id().value().equals(call.place("id")))
        .findFirst()
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("There is no worker of that id.")));
  }

  private Answer providers(Call call) {
    return Answer.whole(200, Answer.JSON, ProvidersJson.cards(workshop.providers()));
  }
}
