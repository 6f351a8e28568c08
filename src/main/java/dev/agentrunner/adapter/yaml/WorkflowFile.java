package dev.agentrunner.adapter.yaml;

import dev.agentrunner.adapter.yaml.Node.Entry;
import dev.agentrunner.adapter.yaml.Node.Mapping;
import dev.agentrunner.adapter.yaml.Node.Scalar;
import dev.agentrunner.adapter.yaml.Node.Sequence;
import dev.agentrunner.core.queue.WorkflowInput;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A workflow: a task list that can be made again and again, each time with other inputs.
 *
 * <pre>
 * version: 1
 * inputs:
 *   name: {description: What it is called}
 *   tests: {type: boolean, default: true}
 * steps:
 *   - id: write
 *     agent: Write a program that greets {{inputs.name}}.
 *   - id: check                      a gate of the step before
 *     command: ./check {{inputs.name}}
 * </pre>
 *
 * <p>With {@code tasks} in place of {@code steps} it is a task list like any other.
 */
public final class WorkflowFile {

  private final Mapping root;

  private WorkflowFile(Mapping root) {
    this.root = root;
  }

  /**
   * Reads a workflow, or everything that is wrong with it.
   *
   * @param name of the source, for people
   */
  public static Loaded<WorkflowFile> read(String text, String name) {
    Faults faults = new Faults();
    Optional<Mapping> root = Document.read(new Source(name, text), faults);
    if (root.isEmpty()) {
      if (faults.isEmpty()) {
        faults.add(
            new Origin.WholeFile(name),
            "this says nothing",
            "begin with 'version: 1' and 'steps:' or 'tasks:'");
      }
      return faults.refused();
    }
    new ShapeCheck(faults).check(root.get(), WorkflowKeys.all(), "");
    new RequiredCheck(faults).check(root.get(), WorkflowKeys.all(), "");
    WorkflowFile file = new WorkflowFile(root.get());
    file.checkSteps(faults);
    file.checkInputs(faults);
    return faults.orElse(() -> file);
  }

  private void checkSteps(Faults faults) {
    if (root.get("steps").isEmpty()) {
      if (root.get("tasks").isEmpty()) {
        faults.add(root.at(), "there is nothing to do", "add 'steps:' or 'tasks:'");
      }
      return;
    }
    Set<String> ids = new HashSet<>(new Values(root).named("hooks").keySet());
    boolean worked = false;
    for (Mapping step : steps()) {
      Values values = new Values(step);
      values
          .scalar("id")
          .filter(id -> !ids.add(id.text()))
          .ifPresent(id ->
              faults.add(
                  id.at(),
                  "there is another %s".formatted(Printable.quoted(id.text())),
                  "give each step and hook a name of its own"));
      boolean command = step.get("command").isPresent();
      worked |= step.get("agent").isPresent();
      if (!command && step.get("agent").isEmpty()) {
        faults.add(step.at(), "the step does nothing", "add 'agent:' or 'command:'");
      }
      for (Entry entry : step.entries().values()) {
        String key = entry.key().text();
        boolean fits = key.equals("id") || WorkflowKeys.OF_COMMANDS.contains(key) == command;
        if (!fits) {
          faults.add(
              entry.key().at(),
              "'%s' goes with %s".formatted(key, command ? "agent" : "command"),
              "take it out of this step");
        }
      }
    }
    if (!worked) {
      faults.add(root.at(), "no step has an agent at work", "add a step with 'agent:'");
    }
  }

  private List<Mapping> steps() {
    return root.get("steps").orElse(root) instanceof Sequence list
        ? list.items().stream().filter(Mapping.class::isInstance).map(Mapping.class::cast).toList()
        : List.of();
  }

  private void checkInputs(Faults faults) {
    WorkflowInputs inputs = new WorkflowInputs(root);
    inputs.check(faults);
    for (Scalar text : Holes.texts(root.without("inputs"))) {
      for (String name : Holes.names(text.text())) {
        if (!inputs.names().contains(name)) {
          faults.add(
              text.at(),
              "there is no input %s".formatted(Printable.quoted(name)),
              Spelling.advice(name, List.copyOf(inputs.names()), "there are:"));
        }
      }
    }
  }

  /** All that it asks for, in its order. */
  public List<WorkflowInput> inputs() {
    return new WorkflowInputs(root).all();
  }

  /** What a run of it is given. */
  public sealed interface Made {

    /** The task list, as JSON. */
    record List(String json) implements Made {}

    /** Inputs that will not do, by name, each with why. */
    record Refused(Map<String, String> inputs) implements Made {}
  }

  /**
   * Makes a task list.
   *
   * @param given inputs by name: texts, numbers, truth values
   */
  public Made taskList(Map<String, Object> given) {
    WorkflowInputs inputs = new WorkflowInputs(root);
    Map<String, String> wrong = inputs.complaints(given);
    return wrong.isEmpty()
        ? new Made.List(new WorkflowTasks(root, steps(), inputs.values(given)).json())
        : new Made.Refused(wrong);
  }
}
