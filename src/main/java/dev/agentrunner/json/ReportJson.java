package dev.agentrunner.json;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run as scripts read it: {@code status --output json}, and the line that closes {@code run
 * --output json}. Fields are only ever added; {@code v} counts up if one must change.
 */
public final class ReportJson {

  private static final int VERSION = 1;

  private ReportJson() {}

  /**
   * The state of a run as one object.
   *
   * @param evidence what stands behind its tasks
   */
  public static byte[] status(RunState state, Map<TaskId, Evidence> evidence) {
    return JsonWriter.bytes(
        state,
        (out, value) ->
            status(
                out,
                value,
                (of, task) -> {
                  task(of, task);
                  EvidenceJson.evidence(of, evidence.getOrDefault(task.id(), Evidence.NONE));
                }),
        Bodies.INLINE);
  }

  /**
   * The same with {@code "type":"summary"}, how the program is about to exit, and where the logs
   * are.
   */
  public static byte[] summary(RunState state, int exit, String folder) {
    return JsonWriter.bytes(
        state,
        (out, value) -> {
          out.text("type", "summary").number("exit", exit).text("folder", folder);
          status(out, value, ReportJson::task);
        },
        Bodies.INLINE);
  }

  /** What a run has used, in all and by provider and task. */
  public static byte[] usage(RunReport report) {
    return JsonWriter.bytes(
        report,
        (out, value) ->
            out.number("v", VERSION)
                .object("total", value.state().usage(), ReportJson::usage)
                .objects(
                    "providers",
                    value.providers().entrySet(),
                    (of, one) ->
                        of.text("name", one.getKey())
                            .object("usage", one.getValue(), ReportJson::usage))
                .objects(
                    "tasks",
                    value.state().tasks(),
                    (of, task) ->
                        of.text("id", task.id().value())
                            .object("usage", task.usage(), ReportJson::usage)),
        Bodies.INLINE);
  }

  static void status(JsonWriter out, RunState state) throws IOException {
    status(out, state, ReportJson::task);
  }

  private static void status(JsonWriter out, RunState state, JsonWriter.Shape<TaskState> shape)
      throws IOException {
    out.number("v", VERSION)
        .text("run", state.run().value())
        .text("status", word(state.status()))
        .text("phase", word(state.phase()))
        .number("last_seq", state.seq());
    if (state.started().isPresent()) {
      RunState.Start start = state.started().get();
      out.text("tasks_file", start.list())
          .text("provider", start.provider())
          .text("model", start.model())
          .time("started_at", start.at())
          .time("updated_at", state.at())
          .text("reason", start.reason());
    }
    if (state.pause().isPresent()) {
      out.text("pause", word(state.pause().get().reason()))
          .text("message", state.pause().get().message());
    }
    out.timeIfAny("resume_at", state.pause().flatMap(pause -> pause.resumeAt()));
    out.objects("tasks", state.tasks(), shape);
    out.object("usage", state.usage(), ReportJson::usage);
  }

  private static void task(JsonWriter out, TaskState task) throws IOException {
    out.text("id", task.id().value())
        .text("title", task.planned().title())
        .text("status", word(task.status()))
        .flag("verified", task.verified())
        .number("attempts", task.attempts())
        .text("remark", task.remark());
    out.textIfAny("done_in", task.planned().doneIn().map(run -> run.value()));
    if (task.planned().proposed()) {
      out.flag("proposed", true);
    }
    Optional<Instant> started = task.work().started();
    out.timeIfAny("started_at", started).timeIfAny("ended_at", task.work().ended());
    out.object("usage", task.usage(), ReportJson::usage);
  }

  static void usage(JsonWriter out, Usage usage) throws IOException {
    out.number("input_tokens", usage.inputTokens())
        .number("cache_read_tokens", usage.cacheReadTokens())
        .number("cache_write_tokens", usage.cacheWriteTokens())
        .number("output_tokens", usage.outputTokens())
        .number("reasoning_tokens", usage.reasoningTokens())
        .number("total_tokens", usage.totalTokens())
        .flag("exact", usage.exact())
        .object("cost", usage.cost(), ChatJson::cost);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
