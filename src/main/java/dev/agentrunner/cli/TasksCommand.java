package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Listed;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tasks}. */
@Command(name = "tasks", mixinStandardHelpOptions = true, description = "Look at a task list.")
final class TasksCommand implements Runnable {

  private static final String LIST = "tasks.yml";

  private final Tools tools;

  @Spec private CommandSpec spec;

  TasksCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private Listed read(String list, Place place) {
    Prepared prepared = tools.workbench().prepare(place.sources(Optional.of(list)));
    prepared.warnings().forEach(tools.screen().err()::println);
    return prepared.list().orElseThrow();
  }

  @Command(
      name = "schema",
      mixinStandardHelpOptions = true,
      description = "Print the JSON Schema of a task list, for editors.")
  int schema() {
    byte[] schema = Schemas.of("tasks");
    tools.screen().out().write(schema, 0, schema.length);
    return ExitCode.DONE.number();
  }

  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description = "Check a task list; every fault is shown with its place and a cure.")
  int validate(
      @Parameters(
              paramLabel = "TASKS",
              arity = "0..1",
              defaultValue = LIST,
              description = "The task list. Default: ${DEFAULT-VALUE}.")
          String list,
      @Mixin Place place) {
    Listed listed = read(list, place);
    tools
        .screen()
        .out()
        .printf(
            "Valid: %s, %s.%n", listed.file(), Words.count(listed.tasks().tasks().size(), "task"));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "graph",
      mixinStandardHelpOptions = true,
      description = "Show the order of the tasks and what each depends on.")
  int graph(
      @Parameters(
              paramLabel = "TASKS",
              arity = "0..1",
              defaultValue = LIST,
              description = "The task list. Default: ${DEFAULT-VALUE}.")
          String list,
      @Option(names = "--dot", description = "As a graph for Graphviz.") boolean dot,
      @Mixin Place place) {
    Listed listed = read(list, place);
    tools.screen().out().print(dot ? dot(listed) : text(listed));
    return ExitCode.DONE.number();
  }

  private static String text(Listed listed) {
    StringBuilder text = new StringBuilder();
    int n = 0;
    for (Task task : listed.tasks().inOrder()) {
      n++;
      String needs =
          task.dependsOn().isEmpty()
              ? ""
              : "  <- "
                  + task.dependsOn().stream().map(TaskId::value).collect(Collectors.joining(", "));
      text.append(
          "%3d. %s  %s%s%n".formatted(n, task.id(), Screen.harmless(task.brief().title()), needs));
    }
    return text.toString();
  }

  private static String dot(Listed listed) {
    StringBuilder text = new StringBuilder("digraph tasks {\n  rankdir=LR;\n  node [shape=box];\n");
    for (Task task : listed.tasks().inOrder()) {
      String label =
          task.id()
              + "\\n"
              + Screen.harmless(task.brief().title()).replace("\\", "\\\\").replace("\"", "\\\"");
      text.append("  \"%s\" [label=\"%s\"];%n".formatted(task.id(), label));
      task.dependsOn()
          .forEach(needed -> text.append("  \"%s\" -> \"%s\";%n".formatted(needed, task.id())));
    }
    return text.append("}\n").toString();
  }
}
