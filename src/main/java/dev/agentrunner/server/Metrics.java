package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.core.queue.RunPhase;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.port.RunStore;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Figures for Prometheus. */
final class Metrics implements Resource {

  private final PrometheusRegistry figures = new PrometheusRegistry();
  private final Counter requests;
  private final Histogram seconds;

  Metrics(RunStore store, Broadcast broadcast) {
    requests =
        Counter.builder()
            .name("agent_runner_http_requests_total")
            .help("Requests answered.")
            .labelNames("method", "route", "status")
            .register(figures);
    seconds =
        Histogram.builder()
            .name("agent_runner_http_request_seconds")
            .help("Time until a request was answered; of a stream, until it began.")
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(0.005, 0.025, 0.1, 0.5, 2.5, 10, 60)
            .register(figures);
    GaugeWithCallback.builder()
        .name("agent_runner_streams")
        .help("Clients that follow a run.")
        .callback(callback -> callback.call(broadcast.following()))
        .register(figures);
    GaugeWithCallback.builder()
        .name("agent_runner_runs")
        .help("Runs, by status and phase.")
        .labelNames("status", "phase")
        .callback(callback -> {
          for (Map.Entry<RunStore.Standing, Long> count : store.counts().entrySet()) {
            RunStatus status = count.getKey().status();
            RunPhase phase = count.getKey().phase();
            callback.call(count.getValue(), Shown.lower(status), Shown.lower(phase));
          }
        })
        .register(figures);
    GaugeWithCallback.builder()
        .name("agent_runner_workers")
        .help("Workers that were heard of lately.")
        .callback(callback ->
            callback.call((double) store.workers().stream().filter(WorkerRecord::alive).count()))
        .register(figures);
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.get("/metrics", Scope.READ, this::text).producing("text/plain"));
  }

  /** Notes a request that was answered. */
  void answered(String method, String route, int status, long nanos) {
    requests.labelValues(method, route, String.valueOf(status)).inc();
    seconds.labelValues(route).observe(nanos / 1e9);
  }

  private Answer text(Call call) {
    var out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, figures.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Answer.whole(200, PrometheusTextFormatWriter.CONTENT_TYPE, out.toByteArray());
  }
}
