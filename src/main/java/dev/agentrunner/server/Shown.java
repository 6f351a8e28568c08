package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.queue.WorkerRecord;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.json.JsonWriter;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Things of the API as clients see them. Members are only ever added. */
final class Shown {

  private Shown() {}

  static void run(JsonWriter out, RunRecord run) throws IOException {
    RunOrder order = run.order();
    out.text("id", run.id().value())
        .text("status", run.status().name())
        .text("phase", lower(run.phase()))
        .text("reason", run.mark().reason())
        .text("project", order.project())
        .text("list", order.listName())
        .values("labels", texts(run.labels()))
        .number("version", run.version())
        .number("last_seq", run.seq())
        .flag("cancel_requested", run.canceling())
        .time("created_at", run.createdAt())
        .timeIfAny("started_at", run.startedAt())
        .timeIfAny("ended_at", run.endedAt())
        .timeIfAny("resume_at", run.mark().due())
        .textIfAny("workflow", order.workflow().map(RunOrder.WorkflowRevision::name));
    if (order.workflow().isPresent()) {
      out.number("workflow_revision", order.workflow().get().revision());
    }
    out.textIfAny("retry_of", order.retryOf().map(of -> of.value()));
    out.values("options", texts(order.options()));
    out.texts("only", order.only());
    out.objectIfAny(
        "held",
        run.held(),
        (in, held) ->
            in.text("worker", held.worker().value())
                .number("generation", held.generation())
                .time("until", held.until()));
  }

  static void project(JsonWriter out, Project project) throws IOException {
    out.text("name", project.name())
        .text("folder", project.folder())
        .number("version", project.version())
        .time("created_at", project.createdAt());
  }

  static void workflow(JsonWriter out, Workflow workflow) throws IOException {
    workflowHead(out, workflow);
    out.text("source", workflow.source());
  }

  static void workflowHead(JsonWriter out, Workflow workflow) throws IOException {
    out.text("name", workflow.name())
        .number("revision", workflow.revision())
        .time("created_at", workflow.createdAt());
  }

  static void key(JsonWriter out, ApiKey key) throws IOException {
    out.text("id", key.id())
        .text("name", key.name())
        .texts("scopes", key.scopes().stream().sorted().map(Shown::lower).toList())
        .time("created_at", key.createdAt())
        .timeIfAny("expires_at", key.expiresAt())
        .timeIfAny("revoked_at", key.revokedAt())
        .timeIfAny("used_at", key.usedAt());
  }

  static void worker(JsonWriter out, WorkerRecord worker) throws IOException {
    out.text("id", worker.id().value())
        .text("host", worker.host())
        .number("pid", worker.pid())
        .number("slots", worker.slots())
        .flag("draining", worker.draining())
        .flag("alive", worker.alive())
        .time("started_at", worker.startedAt())
        .time("beat_at", worker.beatAt());
  }

  static void artifact(JsonWriter out, ArtifactRecord artifact) throws IOException {
    out.text("id", artifact.id())
        .text("run", artifact.run().value())
        .text("name", artifact.name())
        .text("kind", artifact.kind())
        .number("size", artifact.size())
        .text("sha256", artifact.sha256())
        .time("created_at", artifact.createdAt());
  }

  /** In the order of their names, so that equal ones look the same. */
  private static Map<String, Object> texts(Map<String, String> texts) {
    return new TreeMap<>(texts);
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
