package dev.agentrunner.json;

import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.RunEvent.RunStarted.Planned;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;

/** What steps of a run leave behind, as events and state hold it. */
final class RunJson {

  private static final Words<Escalation.Cause> CAUSES = new Words<>(Escalation.Cause.values());

  private static final Words<Suspicion.Kind> SUSPICIONS = new Words<>(Suspicion.Kind.values());

  private RunJson() {}

  static void planned(JsonWriter out, Planned task) throws IOException {
    out.text("id", task.id().value())
        .text("title", task.title())
        .text("digest", task.digest())
        .textIfAny("done_in", task.doneIn().map(RunId::value));
    if (task.proposed()) {
      out.flag("proposed", true);
    }
  }

  static Planned planned(JsonObject in) {
    return new Planned(
        in.id("id", TaskId::new),
        in.text("title"),
        in.text("digest"),
        in.idIfAny("done_in", RunId::new),
        in.flagIfAny("proposed").orElse(false));
  }

  static void fileChange(JsonWriter out, FileChange change) throws IOException {
    out.text("path", change.path())
        .textIfAny("before", change.before())
        .textIfAny("after", change.after());
  }

  static FileChange fileChange(JsonObject in) {
    return new FileChange(in.text("path"), in.textIfAny("before"), in.textIfAny("after"));
  }

  static void path(JsonWriter out, String path) throws IOException {
    out.text("path", path);
  }

  static String path(JsonObject in) {
    return in.text("path");
  }

  static void suspicion(JsonWriter out, Suspicion suspicion) throws IOException {
    out.text("kind", SUSPICIONS.word(suspicion.kind()))
        .text("path", suspicion.path())
        .text("detail", suspicion.detail());
  }

  static Suspicion suspicion(JsonObject in) {
    return new Suspicion(in.word("kind", SUSPICIONS), in.text("path"), in.text("detail"));
  }

  static void rule(JsonWriter out, String pattern) throws IOException {
    out.text("pattern", pattern);
  }

  static String rule(JsonObject in) {
    return in.text("pattern");
  }

  static void escalation(JsonWriter out, Escalation escalation) throws IOException {
    out.text("task", escalation.task().value())
        .text("cause", CAUSES.word(escalation.cause()))
        .text("summary", escalation.summary());
  }

  static Escalation escalation(JsonObject in) {
    return new Escalation(in.id("task", TaskId::new), in.word("cause", CAUSES), in.text("summary"));
  }

  static void hookResult(JsonWriter out, HookResult result) throws IOException {
    out.object("end", result.end(), RunJson::hookEnd)
        .text("output", result.output())
        .number("output_bytes", result.outputBytes())
        .text("output_digest", result.outputDigest())
        .duration("took", result.took());
  }

  static HookResult hookResult(JsonObject in) {
    return new HookResult(
        in.object("end", RunJson::hookEnd),
        in.text("output"),
        in.number("output_bytes"),
        in.text("output_digest"),
        in.duration("took"));
  }

  static void hookEnd(JsonWriter out, HookResult.End end) throws IOException {
    switch (end) {
      case HookResult.Exited(var code) -> out.text("kind", "exited").number("code", code);
      case HookResult.TimedOut(var limit) -> out.text("kind", "timed_out").duration("limit", limit);
      case HookResult.NotStarted(var why) -> out.text("kind", "not_started").text("why", why);
      case HookResult.Interrupted() -> out.text("kind", "interrupted");
    }
  }

  private static HookResult.End hookEnd(JsonObject in) {
    String kind = in.text("kind");
    return switch (kind) {
      case "exited" -> new HookResult.Exited(in.integer("code"));
      case "timed_out" -> new HookResult.TimedOut(in.duration("limit"));
      case "not_started" -> new HookResult.NotStarted(in.text("why"));
      case "interrupted" -> new HookResult.Interrupted();
      default -> throw in.unknown("kind", kind);
    };
  }
}
