package dev.agentrunner.json;

import dev.agentrunner.core.run.Evidence;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.task.TaskId;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What stands behind tasks, as scripts read it. */
public final class EvidenceJson {

  private static final int VERSION = 1;

  private EvidenceJson() {}

  /** What {@code verify} found: whether each task passed, and the hooks that say so. */
  public record Verified(RunId run, Map<TaskId, Evidence> tasks) {}

  /** The same as one object. */
  public static byte[] verified(Verified verified) {
    return JsonWriter.bytes(
        verified,
        (out, value) ->
            out.number("v", VERSION)
                .text("run", value.run().value())
                .objects(
                    "tasks",
                    List.copyOf(value.tasks().entrySet()),
                    (task, entry) -> {
                      task.text("id", entry.getKey().value());
                      evidence(task, entry.getValue());
                    }),
        Bodies.INLINE);
  }

  static void evidence(JsonWriter out, Evidence evidence) throws IOException {
    out.textIfAny("tree", evidence.tree().map(tree -> tree.hex()));
    if (evidence.stale().isPresent()) {
      out.flag("stale", evidence.stale().get());
    }
    out.objects("evidence", evidence.ran(), EvidenceJson::ran);
  }

  private static void ran(JsonWriter out, Evidence.Ran ran) throws IOException {
    out.text("hook", ran.hook().value())
        .text("command", ran.command())
        .number("attempt", ran.attempt())
        .flag("passed", ran.result().passed());
    RunJson.hookEnd(out, ran.result().end());
    out.number("output_bytes", ran.result().outputBytes())
        .text("output_digest", ran.result().outputDigest())
        .duration("took", ran.result().took());
  }
}
