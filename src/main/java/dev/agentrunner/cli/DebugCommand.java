package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.engine.HandTools;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.json.ArgumentsJson;
import dev.agentrunner.json.Bodies;
import dev.agentrunner.json.StateJson;
import dev.agentrunner.port.StopSignal;
import dev.agentrunner.port.Workspaces;
import java.io.PrintStream;
import java.util.List;
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
      name = "tool",
      mixinStandardHelpOptions = true,
      description = {
        "Call one of the agent's tools by hand, under the same rules, in the same sandbox and with the same bounds, and print what the model would be told.",
        "",
        "Exit code 1: the call failed or was refused."
      })
  int tool(
      @Parameters(paramLabel = "NAME", description = "The tool, such as read_file.") String name,
      @Parameters(paramLabel = "JSON", description = "Its arguments, as a JSON object.")
          String arguments,
      @Option(
              names = "--task",
              paramLabel = "ID",
              description = "Call it in the folder of this task.")
          @Nullable String id,
      @Option(
              names = "--list",
              paramLabel = "TASKS",
              defaultValue = "tasks.yml",
              description = "The task list that has it. Default: ${DEFAULT-VALUE}.")
          String list,
      @Option(
              names = "--dir",
              paramLabel = "DIR",
              defaultValue = ".",
              description = "Without --task: call it in this folder. Default: ${DEFAULT-VALUE}")
          String folder,
      @Mixin Place place) {
    Workbench workbench = tools.workbench();
    Prepared prepared = workbench.prepare(place.sources(Optional.ofNullable(id).map(_ -> list)));
    HandTools hand =
        workbench.handTools(prepared, new TerminalPeople(tools.screen(), tools.keyboard()));
    ToolCall call = new ToolCall("by-hand", name, ArgumentsJson.read(arguments));
    StopSignal stop = new StopSignal();
    Signals.heededBy(stop, tools.halt());
    HandTools.Told told;
    if (id == null) {
      told = hand.call(call, workbench.workspace(folder), workbench.folder(folder), stop);
    } else {
      Task task =
          new Selection(List.of(id), Optional.empty())
              .of(prepared.list().orElseThrow().tasks())
              .getFirst();
      Workspaces workspaces = workbench.workspaces(prepared);
      told = hand.call(call, workspaces.open(task), workspaces.folder(task), stop);
    }
    tools.screen().out().println(Screen.harmless(told.text()));
    return (told.failed() ? ExitCode.FAILED : ExitCode.DONE).number();
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
    Prepared prepared = tools.workbench().prepare(place.sources(Optional.of(list)));
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
