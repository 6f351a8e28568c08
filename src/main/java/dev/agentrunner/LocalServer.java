package dev.agentrunner;

import dev.agentrunner.adapter.sql.Database;
import dev.agentrunner.cli.Platform.Running;
import dev.agentrunner.cli.Platform.Serving;
import dev.agentrunner.server.ApiServer;
import dev.agentrunner.server.Broadcast;
import dev.agentrunner.server.Limits;
import dev.agentrunner.server.work.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The API and the workers of one process, on one database. */
final class LocalServer implements Running {

  private final Database database;
  private final Broadcast broadcast;
  private final Optional<Worker> worker;
  private final ApiServer api;
  private final List<String> notes = new ArrayList<>();

  LocalServer(Serving order, Database database, LocalPlatform platform) {
    this.database = database;
    List<String> furnished = platform.furnish(order, database.registry());
    Optional<String> key = platform.firstKey(order, database.registry());
    this.broadcast = new Broadcast(database.runs(), Limits.DEFAULT);
    this.worker =
        order.slots() > 0
            ? Optional.of(platform.worker(database, order.slots(), broadcast::watcher))
            : Optional.empty();
    this.api = platform.api(order, database, broadcast, worker);
    worker.ifPresent(Worker::start);
    String host = order.address().contains(":") ? "[" + order.address() + "]" : order.address();
    notes.add("Listening on http://%s:%d".formatted(host, api.port()));
    notes.addAll(furnished);
    key.ifPresent(secret -> notes.add("The first key, shown this once: " + secret));
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public void drain() {
    worker.ifPresent(Worker::drain);
  }

  @Override
  public void close() {
    api.close();
    worker.ifPresent(Worker::close);
    broadcast.close();
    database.close();
  }
}
