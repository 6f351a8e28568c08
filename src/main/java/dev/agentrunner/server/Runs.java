package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.Page;
import dev.agentrunner.core.queue.RunFilter;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.UsageException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs: asked for, looked at, labelled, tried again, removed. */
final class Runs implements Resource {

  static final int PAGE = 50;
  static final int PAGE_MAX = 200;

  private final RunStore store;
  private final RunOrders orders;
  private final RunIds ids;
  private final Wake wake;

  Runs(RunStore store, RunOrders orders, RunIds ids, Wake wake) {
    this.store = store;
    this.orders = orders;
    this.ids = ids;
    this.wake = wake;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/runs", Scope.WRITE, this::submit).creating(),
        Route.get("/runs", Scope.READ, this::list)
            .knowing("status", "phase", "label", "project", "workflow", "cursor", "limit"),
        Route.get("/runs/{id}", Scope.READ, call -> shown(call, 200, run(call))),
        Route.sending("PATCH", "/runs/{id}", Scope.WRITE, this::label),
        Route.delete("/runs/{id}", Scope.WRITE, this::remove),
        Route.post("/runs/{id}/retry", Scope.WRITE, this::retry).creating());
  }

  private Answer submit(Call call) {
    RunOrders.Accepted accepted = orders.read(call.sent());
    if (accepted.dryRun()) {
      return Answer.json(
          200,
          accepted.order(),
          (out, order) ->
              out.flag("dry_run", true)
                  .text("project", order.project())
                  .text("list", order.listName())
                  .text("tasks", order.list()));
    }
    return submitted(accepted.order());
  }

  private Answer submitted(RunOrder order) {
    RunRecord run = store.submit(ids.next(store.now()), order);
    wake.submitted(run.id());
    return Answer.json(201, run, Shown::run)
        .with("Location", location(run.id()))
        .with("ETag", tag(run));
  }

  static String location(RunId run) {
    return Routes.PREFIX + "/runs/" + run;
  }

  private Answer list(Call call) {
    Optional<String> cursor = call.query("cursor");
    int limit = (int) call.number("limit", PAGE, 1, PAGE_MAX);
    Page<RunRecord> page;
    try {
      page = store.runs(filter(call), cursor, limit);
    } catch (UsageException e) {
      throw new ProblemException(Problem.badRequest("The cursor is none that this list gave out."));
    }
    return Answer.json(
        200,
        page,
        (out, runs) ->
            out.objects("runs", runs.items(), Shown::run).textIfAny("next_cursor", runs.next()));
  }

  private static RunFilter filter(Call call) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : call.queries("label")) {
      int equals = label.indexOf('=');
      if (equals < 1) {
        throw new ProblemException(Problem.badRequest("A label is asked for as label=name=value."));
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return new RunFilter(
        words(call, "status", RunStatus.class),
        words(call, "phase", RunPhase.class),
        labels,
        call.query("project"),
        call.query("workflow"));
  }

  private static <E extends Enum<E>> Set<E> words(Call call, String name, Class<E> type) {
    Set<E> words = EnumSet.noneOf(type);
    for (String word : call.queries(name)) {
      try {
        words.add(Enum.valueOf(type, word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new ProblemException(
            Problem.badRequest(
                "%s must be one of %s."
                    .formatted(
                        name,
                        String.join(", ", EnumSet.allOf(type).stream().map(Enum::name).toList()))));
      }
    }
    return words;
  }

  private RunRecord run(Call call) {
    return run(store, call);
  }

  /**
   * The run that a path names.
   *
   * @throws ProblemException if there is none
   */
  static RunRecord run(RunStore store, Call call) {
    String id = call.place("id");
    return Optional.of(id)
        .filter(RunId::isValid)
        .flatMap(valid -> store.run(new RunId(valid)))
        .orElseThrow(Runs::unknown);
  }

  static ProblemException unknown() {
    return new ProblemException(Problem.notFound("There is no run of that id."));
  }

  /** The run, or that nothing has changed. */
  static Answer shown(Call call, int status, RunRecord run) {
    if (call.method().equals("GET") && Versions.isKnown(call, tag(run))) {
      return Answer.empty(304).with("ETag", tag(run));
    }
    return Answer.json(status, run, Shown::run).with("ETag", tag(run));
  }

  /** Moves with all that is shown of the run; its beginning is the version of the labels. */
  private static String tag(RunRecord run) {
    return "\"%d.%d.%s.%s%s\""
        .formatted(
            run.version(),
            run.seq(),
            Shown.lower(run.phase()).replace("_", ""),
            run.held().map(held -> Long.toHexString(held.generation())).orElse("free"),
            run.canceling() ? "c" : "");
  }

  private Answer label(Call call) {
    RunRecord run = run(call);
    long version = Versions.seen(call, run.version());
    Sent sent = call.sent();
    if (!sent.has("labels")) {
      sent.wrong("labels", "is missing");
    }
    Map<String, String> labels = RunOrders.labels(sent);
    sent.end();
    return shown(call, 200, store.label(run.id(), version, labels).orElseThrow(Versions::changed));
  }

  private Answer remove(Call call) {
    RunRecord run = run(call);
    if (!store.remove(run.id())) {
      throw new ProblemException(
          Problem.conflict("run-not-over", "The run is not over; cancel it first.")
              .with("current_status", store.run(run.id()).orElse(run).status().name()));
    }
    return Answer.empty(204);
  }

  private Answer retry(Call call) {
    RunRecord run = run(call);
    Sent sent = call.sent();
    Map<String, String> labels = sent.has("labels") ? RunOrders.labels(sent) : run.labels();
    sent.end();
    if (!run.status().isFinal()) {
      throw new ProblemException(
          Problem.conflict("run-not-over", "The run is not over; only then it is tried again.")
              .with("current_status", run.status().name()));
    }
    RunOrder order = run.order();
    return submitted(
        new RunOrder(
            order.project(),
            order.list(),
            order.listName(),
            order.only(),
            order.options(),
            labels,
            order.workflow(),
            Optional.of(run.id())));
  }
}
