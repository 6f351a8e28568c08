package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.report.ReportFold;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.json.ReportJson;
import dev.agentrunner.port.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a run's events say, read in other ways: its steps, its cost, its logs. */
final class Readings implements Resource {

  private final RunStore store;
  private final Shelf shelf;

  Readings(RunStore store, Shelf shelf) {
    this.store = store;
    this.shelf = shelf;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/runs/{id}/steps", Scope.READ, this::steps).knowing("task"),
        Route.get("/runs/{id}/usage", Scope.READ, this::usage),
        Route.get("/runs/{id}/logs", Scope.READ, this::logs).producing("text/plain"));
  }

  private Answer steps(Call call) {
    RunRecord run = Runs.run(store, call);
    Optional<String> task = call.query("task");
    var steps = new Steps();
    store.history().read(run.id(), 0, steps);
    List<Steps.Step> wanted =
        steps.all().stream()
            .filter(step -> task.isEmpty() || step.task().equals(task.get()))
            .toList();
    return Answer.json(
        200,
        wanted,
        (out, all) -> out.number("last_seq", run.seq()).objects("steps", all, Readings::step));
  }

  private static void step(JsonWriter out, Steps.Step step) throws IOException {
    out.number("number", step.number())
        .text("task", step.task())
        .number("attempt", step.attempt())
        .text("kind", step.kind())
        .text("name", step.name())
        .text("status", step.status())
        .number("seq", step.seq())
        .number("last_seq", step.lastSeq())
        .time("started_at", step.startedAt())
        .timeIfAny("ended_at", step.endedAt());
  }

  private Answer usage(Call call) {
    RunRecord run = Runs.run(store, call);
    var report = new ReportFold(run.id());
    store.history().read(run.id(), 0, report);
    return Answer.whole(200, Answer.JSON, ReportJson.usage(report.report()));
  }

  /** The artifacts that are logs, one after the other. */
  private Answer logs(Call call) {
    RunRecord run = Runs.run(store, call);
    List<ArtifactRecord> logs =
        store.artifacts(run.id()).stream()
            .filter(artifact -> artifact.kind().equals("log"))
            .sorted(Comparator.comparing(ArtifactRecord::name))
            .toList();
    return new Answer.Flowing(
        200,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        OptionalLong.empty(),
        () -> {},
        out -> {
          for (ArtifactRecord log : logs) {
            out.write(("==> " + log.name() + "\n").getBytes(StandardCharsets.UTF_8));
            Optional<InputStream> bytes = shelf.open(log, 0);
            if (bytes.isPresent()) {
              try (InputStream in = bytes.get()) {
                in.transferTo(out);
              }
            }
          }
        });
  }
}
