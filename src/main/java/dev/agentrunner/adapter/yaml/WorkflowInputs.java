package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.core.queue.WorkflowInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The inputs that a workflow asks for. */
final class WorkflowInputs {

  private static final int LENGTH_MAX = 100_000;

  private final Map<String, Values> inputs = new LinkedHashMap<>();

  WorkflowInputs(Mapping root) {
    new Values(root)
        .group("inputs")
        .mapping()
        .entries()
        .forEach((name, entry) ->
            inputs.put(
                name,
                new Values(
                    entry.value() instanceof Mapping mapping
                        ? mapping
                        : Mapping.empty(entry.value().at()))));
  }

  Set<String> names() {
    return inputs.keySet();
  }

  List<WorkflowInput> all() {
    return inputs.entrySet().stream()
        .map(input ->
            new WorkflowInput(
                input.getKey(),
                input.getValue().text("description").orElse(""),
                input.getValue().text("type").orElse("string"),
                input.getValue().texts("choices"),
                input.getValue().text("default")))
        .toList();
  }

  /** Whether each default is one of the values that the input can have. */
  void check(Faults faults) {
    inputs.forEach((name, input) -> {
      Optional<Scalar> standard = input.scalar("default");
      standard
          .flatMap(text -> complaint(input, text.text()))
          .ifPresent(wrong ->
              faults.add(
                  standard.orElseThrow().at(),
                  "the default of %s %s".formatted(Printable.quoted(name), wrong),
                  "give it one that fits, or none"));
    });
  }

  /** What is wrong with the inputs given, by name. */
  Map<String, String> complaints(Map<String, Object> given) {
    Map<String, String> wrong = new LinkedHashMap<>();
    given.keySet().stream()
        .filter(name -> !inputs.containsKey(name))
        .forEach(name ->
            wrong.put(name, "is no input; there are: " + String.join(", ", inputs.keySet())));
    inputs.forEach((name, input) -> {
      Object value = given.get(name);
      if (value == null) {
        if (input.text("default").isEmpty()) {
          wrong.put(name, "is missing");
        }
      } else if (!(value instanceof String
          || value instanceof Number
          || value instanceof Boolean)) {
        wrong.put(name, "must be a text, a number or a truth value");
      } else {
        complaint(input, value.toString()).ifPresent(why -> wrong.put(name, why));
      }
    });
    return wrong;
  }

  private static Optional<String> complaint(Values input, String value) {
    List<String> choices = input.texts("choices");
    if (!choices.isEmpty() && !choices.contains(value)) {
      return Optional.of("must be one of " + String.join(", ", choices));
    }
    return switch (input.text("type").orElse("string")) {
      case "integer" ->
          value.matches("-?[0-9]{1,18}") ? Optional.empty() : Optional.of("must be a whole number");
      case "boolean" ->
          value.equals("true") || value.equals("false")
              ? Optional.empty()
              : Optional.of("must be true or false");
      default ->
          value.length() <= LENGTH_MAX
              ? Optional.empty()
              : Optional.of("is longer than %d characters".formatted(LENGTH_MAX));
    };
  }

  /** The value of each input. */
  Map<String, String> values(Map<String, Object> given) {
    Map<String, String> values = new LinkedHashMap<>();
    inputs.forEach((name, input) ->
        values.put(
            name,
            Optional.ofNullable(given.get(name))
                .map(Object::toString)
                .orElseGet(() -> input.text("default").orElse(""))));
    return values;
  }
}
