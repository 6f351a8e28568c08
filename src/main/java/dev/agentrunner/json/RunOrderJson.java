package dev.agentrunner.json;

import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunOrder.WorkflowRevision;
import dev.agentrunner.core.run.RunId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run was asked to do, as one JSON object. Equal orders give equal bytes.
 *
 * <pre>
 * {"project":"shop","list":"version: 1\n…","listName":"tasks.yml","only":[{"task":"T1"}],
 *  "options":{"agent.turns_max":"40"},"labels":{"team":"a"},
 *  "workflow":"nightly","revision":3,       where it was made from one
 *  "retryOf":"20261121-101500-7f3a"}
 * </pre>
 */
public final class RunOrderJson {

  private RunOrderJson() {}

  public static byte[] write(RunOrder order) {
    return JsonWriter.bytes(order, RunOrderJson::write, Bodies.INLINE);
  }

  private static void write(JsonWriter out, RunOrder order) throws IOException {
    out.text("project", order.project())
        .text("list", order.list())
        .text("listName", order.listName())
        .objects("only", order.only(), (one, task) -> one.text("task", task))
        .values("options", new TreeMap<>(order.options()))
        .values("labels", new TreeMap<>(order.labels()));
    if (order.workflow().isPresent()) {
      out.text("workflow", order.workflow().get().name())
          .number("revision", order.workflow().get().revision());
    }
    out.textIfAny("retryOf", order.retryOf().map(RunId::value));
  }

  /** Reads what {@link #write} has written. */
  public static RunOrder read(byte[] bytes) {
    JsonObject order = JsonReader.read(bytes, 0, bytes.length, Bodies.INLINE);
    List<String> only = order.objects("only", one -> one.text("task"));
    return new RunOrder(
        order.text("project"),
        order.text("list"),
        order.text("listName"),
        only,
        texts(order.values("options")),
        texts(order.values("labels")),
        order
            .textIfAny("workflow")
            .map(name -> new WorkflowRevision(name, order.integer("revision"))),
        order.idIfAny("retryOf", RunId::new));
  }

  /** Labels of a run by themselves. */
  public static byte[] writeLabels(Map<String, String> labels) {
    return JsonWriter.bytes(
        new TreeMap<String, Object>(labels),
        (out, all) -> out.values("labels", all),
        Bodies.INLINE);
  }

  /** Reads what {@link #writeLabels} has written. */
  public static Map<String, String> readLabels(byte[] bytes) {
    return texts(JsonReader.read(bytes, 0, bytes.length, Bodies.INLINE).values("labels"));
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }
}
