package dev.agentrunner.server;

import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunOrder.WorkflowRevision;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.JsonWriter;
import dev.agentrunner.port.Registry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a run is to do.
 *
 * <pre>
 * {"goal":"…"}                            one task, in words, or
 * {"tasks":…}                             a task list: YAML or JSON as a text, an object, a list, or
 * {"workflow":"…","revision":2,"inputs":{…}}
 *
 *  "project":"…",                         may be left out where there is only one
 *  "only":["T1"], "options":{"provider":"…"}, "labels":{"team":"core"}, "dry_run":true
 * </pre>
 */
final class RunOrders {

  private static final int TEXT_MAX = 1_000_000;
  private static final int TITLE_MAX = 80;

  private final Registry registry;
  private final Workshop workshop;

  RunOrders(Registry registry, Workshop workshop) {
    this.registry = registry;
    this.workshop = workshop;
  }

  /** What was asked for, checked: it can be started. */
  record Accepted(RunOrder order, boolean dryRun) {}

  /** The list a run is to do, and where it is from. */
  private record Work(String list, String name, Optional<WorkflowRevision> workflow) {

    Work(String list, String name) {
      this(list, name, Optional.empty());
    }
  }

  /**
   * @throws ProblemException if it is no order, or cannot be done
   */
  Accepted read(Sent sent) {
    Optional<String> project = sent.text("project", Names.MAX);
    List<String> only = sent.texts("only", 1_000, Names.MAX);
    Map<String, String> options = sent.texts("options", 100, 10_000, Names::isOption);
    Map<String, String> labels = labels(sent);
    boolean dryRun = sent.flag("dry_run", false);
    if (!only.stream().allMatch(TaskId::isValid)) {
      sent.wrong("only", "must hold ids of tasks");
    }
    Work work = work(sent);
    Project in = project(project);
    var order =
        new RunOrder(
            in.name(),
            work.list(),
            work.name(),
            only,
            options,
            labels,
            work.workflow(),
            Optional.empty());
    List<Fault> faults = workshop.check(in, order);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalidContent(faults));
    }
    return new Accepted(order, dryRun);
  }

  /** The labels that were sent. */
  static Map<String, String> labels(Sent sent) {
    return sent.texts("labels", 32, 256, Names::isLabel);
  }

  private Work work(Sent sent) {
    Optional<String> goal = sent.text("goal", TEXT_MAX);
    Optional<Object> tasks = sent.value("tasks");
    Optional<String> workflow = sent.text("workflow", Names.MAX);
    Optional<Integer> revision = sent.integer("revision");
    Map<String, Object> inputs = sent.object("inputs");
    long ways =
        List.of("goal", "tasks", "workflow").stream().filter(name -> sent.has(name)).count();
    if (ways != 1) {
      sent.wrong("goal", "one of goal, tasks and workflow must be there, and only one");
    }
    if (goal.filter(String::isBlank).isPresent()) {
      sent.wrong("goal", "says nothing");
    }
    if (workflow.isEmpty() && (revision.isPresent() || !inputs.isEmpty())) {
      sent.wrong("inputs", "go with a workflow, and so does revision");
    }
    Optional<String> list = tasks.flatMap(value -> list(sent, value));
    sent.end();
    if (workflow.isPresent()) {
      return made(workflow.get(), revision, inputs);
    }
    return goal.map(text -> new Work(goalList(text.strip()), "goal"))
        .orElseGet(() -> new Work(list.orElseThrow(), "tasks"));
  }

  private static Optional<String> list(Sent sent, Object tasks) {
    return switch (tasks) {
      case String _ -> sent.text("tasks", TEXT_MAX);
      case Map<?, ?> _ -> Optional.of(json(sent.object("tasks")));
      case List<?> list -> Optional.of(json(Map.of("version", 1L, "tasks", list)));
      default -> {
        sent.wrong("tasks", "must be a text, an object or a list");
        yield Optional.empty();
      }
    };
  }

  /** One task: all of the goal is its description, the beginning its title. */
  private static String goalList(String goal) {
    String line = goal.lines().findFirst().orElse(goal).strip();
    String title = line.length() <= TITLE_MAX ? line : line.substring(0, TITLE_MAX - 1) + "…";
    Map<String, Object> task = Map.of("id", "goal", "title", title, "description", goal);
    return json(Map.of("version", 1L, "tasks", List.of(task)));
  }

  private static String json(Map<String, Object> object) {
    byte[] wrapped =
        JsonWriter.bytes(object, (out, value) -> out.values("list", value), Bodies.INLINE);
    String text = new String(wrapped, StandardCharsets.UTF_8);
    return text.substring("{\"list\":".length(), text.length() - 1);
  }

  private Work made(String name, Optional<Integer> revision, Map<String, Object> inputs) {
    List<Workflow> revisions = registry.revisions(name);
    Workflow workflow =
        revisions.stream()
            .filter(one -> revision.isEmpty() || one.revision() == revision.get())
            .findFirst()
            .orElseThrow(
                () -> invalid("workflow", "there is no such workflow, or not that revision"));
    return switch (workshop.make(workflow, inputs)) {
      case Workshop.Made.List(String tasks) ->
          new Work(
              tasks, name, Optional.of(new WorkflowRevision(workflow.name(), workflow.revision())));
      case Workshop.Made.Faulty(List<Fault> faults) ->
          throw new ProblemException(Problem.invalidContent(faults));
    };
  }

  private Project project(Optional<String> name) {
    if (name.isPresent()) {
      return registry
          .project(name.get())
          .orElseThrow(() -> invalid("project", "there is no such project"));
    }
    List<Project> all = registry.projects();
    if (all.size() == 1) {
      return all.getFirst();
    }
    throw invalid(
        "project",
        all.isEmpty()
            ? "there is no project yet; make one with POST /projects"
            : "is missing; there are several projects");
  }

  private static ProblemException invalid(String member, String detail) {
    return new ProblemException(
        Problem.invalidContent(List.of(Fault.at(Sent.pointer(member), detail))));
  }
}
