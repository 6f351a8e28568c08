package dev.agentrunner.adapter.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes the task list of a workflow. Each step with an agent becomes a task that depends on the one
 * before; commands become hooks, those behind a step its post-hooks, those before the first its
 * pre-hooks. In lines for a shell, inputs stand in quotes: nobody's input is a command.
 */
final class WorkflowTasks {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int TITLE_MAX = 80;

  private final Mapping root;
  private final List<Mapping> steps;
  private final Map<String, String> inputs;
  private final ObjectNode hooks = JSON.objectNode();
  private final ArrayNode tasks = JSON.arrayNode();
  private final ArrayNode gates = JSON.arrayNode();
  private Optional<ObjectNode> last = Optional.empty();

  WorkflowTasks(Mapping root, List<Mapping> steps, Map<String, String> inputs) {
    this.root = root;
    this.steps = steps;
    this.inputs = inputs;
  }

  String json() {
    ObjectNode list = JSON.objectNode();
    list.put("version", "1");
    root.get("defaults").ifPresent(node -> list.set("defaults", filled(node, text -> text)));
    root.inner("hooks")
        .ifPresent(named ->
            named.entries().forEach((name, entry) -> hooks.set(name, hook(entry.value()))));
    if (steps.isEmpty()) {
      root.get("tasks").ifPresent(node -> list.set("tasks", filled(node, text -> text)));
    } else {
      steps.forEach(this::add);
      list.set("tasks", tasks);
    }
    if (!hooks.isEmpty()) {
      list.set("hooks", hooks);
    }
    return list.toString();
  }

  private void add(Mapping step) {
    String id = new Values(step).text("id").orElse("");
    if (step.get("command").isPresent()) {
      ObjectNode hook = JSON.objectNode();
      step.get("command").ifPresent(command -> hook.set("command", command(command)));
      step.get("timeout").ifPresent(time -> hook.set("timeout", filled(time, text -> text)));
      hooks.set(id, hook);
      last.map(task -> task.withArray("post_hooks")).orElse(gates).add(id);
    } else {
      ObjectNode task = task(step, id);
      last = Optional.of(task);
      tasks.add(task);
    }
  }

  private ObjectNode task(Mapping step, String id) {
    ObjectNode task = JSON.objectNode();
    task.put("id", id);
    String what = filled(new Values(step).text("agent").orElse(""));
    String line = what.strip().lines().findFirst().orElse(id);
    task.put("title", line.length() <= TITLE_MAX ? line : line.substring(0, TITLE_MAX - 1) + "…");
    if (!line.equals(what.strip()) || line.length() > TITLE_MAX) {
      task.put("description", what);
    }
    for (Entry entry : step.entries().values()) {
      String key = entry.key().text();
      if (!key.equals("id") && !key.equals("agent") && !entry.value().isNothing()) {
        task.set(key, listed(key, filled(entry.value(), text -> text)));
      }
    }
    if (step.get("depends_on").isEmpty()) {
      last.ifPresent(before -> task.putArray("depends_on").add(before.get("id")));
    }
    if (last.isEmpty() && !gates.isEmpty()) {
      task.withArray("pre_hooks").addAll(gates);
    }
    return task;
  }

  /** A lone hook in place of a list of them. */
  private static JsonNode listed(String key, JsonNode value) {
    return key.endsWith("_hooks") && !value.isArray() ? JSON.arrayNode().add(value) : value;
  }

  private JsonNode hook(Node node) {
    if (!(node instanceof Mapping mapping)) {
      return command(node);
    }
    ObjectNode hook = JSON.objectNode();
    for (Entry entry : mapping.entries().values()) {
      String key = entry.key().text();
      hook.set(
          key,
          key.equals("command") ? command(entry.value()) : filled(entry.value(), text -> text));
    }
    return hook;
  }

  private JsonNode command(Node node) {
    return filled(node, node instanceof Scalar ? WorkflowTasks::quoted : text -> text);
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  private String filled(String text) {
    return Holes.filled(text, inputs, value -> value);
  }

  private JsonNode filled(Node node, UnaryOperator<String> dressed) {
    return switch (node) {
      case Scalar scalar -> JSON.textNode(Holes.filled(scalar.text(), inputs, dressed));
      case Sequence list -> {
        ArrayNode array = JSON.arrayNode();
        list.items().forEach(item -> array.add(filled(item, dressed)));
        yield array;
      }
      case Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping
            .entries()
            .forEach((key, entry) -> {
              if (!entry.value().isNothing()) {
                object.set(key, filled(entry.value(), dressed));
              }
            });
        yield object;
      }
    };
  }
}
