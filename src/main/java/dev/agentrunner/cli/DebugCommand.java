package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.StateJson;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code debug}. */
@Command(name = "debug", mixinStandardHelpOptions = true, description = "Look behind the scenes.")
final class DebugCommand implements Runnable {

  private final Tools tools;

  @Spec private CommandSpec spec;

  DebugCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "state",
      mixinStandardHelpOptions = true,
      description =
          "Fold the last run's events afresh and print the state they add up to, as JSON.")
  int state(
      @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
          @Nullable String run,
      @Mixin Place place) {
    History history = tools.workbench().history(tools.workbench().project(place.directory()));
    byte[] json =
        new StateJson(id -> Bodies.INLINE)
            .write(history.replay(StatusCommand.meant(history, Optional.ofNullable(run))));
    tools.screen().out().write(json, 0, json.length);
    tools.screen().out().println();
    return ExitCode.DONE.number();
  }

  @Command(
      name = "prompt",
      mixinStandardHelpOptions = true,
      description = "Print the exact prompt a task's first attempt would begin with.")
  int prompt(
      @Parameters(paramLabel = "ID", description = "The task.") String id,
      @Parameters(
              paramLabel = "TASKS",
              arity = "0..1",
              defaultValue = "tasks.yml",
              description = "The task list. Default: ${DEFAULT-VALUE}.")
          String list,
      @Mixin Place place) {
    Prepared prepared =
        tools
            .workbench()
            .prepare(
                new Sources(
                    place.directory(),
                    place.config(),
                    Optional.of(list),
                    Map.of(),
                    Optional.empty()));
    Task task =
        new Selection(List.of(id), Optional.empty())
            .of(prepared.list().orElseThrow().tasks())
            .getFirst();
    String prompt =
        new PromptWriter(prepared.settings(), tools.workbench().workspaces(prepared))
            .write(task, Optional.empty());
    PrintStream out = tools.screen().out();
    out.println("--- system ---");
    out.print(PromptWriter.SYSTEM);
    out.println("--- user ---");
    out.println(prompt);
    return ExitCode.DONE.number();
  }
}
