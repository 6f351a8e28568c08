package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.History;
import dev.agentrunner.cli.Workbench.Listed;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.core.task.When;
import dev.agentrunner.engine.PromptWriter;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspaces;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a run would do, without asking a model, running a hook or writing a file. */
final class DryRun {

  /** A rule of thumb for text and code; real figures come with the replies. */
  private static final int CHARS_PER_TOKEN = 4;

  private final Tools tools;
  private final Prepared prepared;
  private final Selection selection;
  private final Workspaces workspaces;
  private final PromptWriter prompts;

  DryRun(Tools tools, Prepared prepared, Selection selection) {
    this.tools = tools;
    this.prepared = prepared;
    this.selection = selection;
    this.workspaces = tools.workbench().workspaces(prepared);
    this.prompts = new PromptWriter(prepared.settings(), workspaces);
  }

  ExitCode print() {
    PrintStream out = tools.screen().out();
    Listed listed = prepared.list().orElseThrow();
    Set<TaskId> done = done(listed);
    List<Task> tasks = selection.of(listed.tasks());
    Selection.checkNeeds(tasks, done);
    prepared.warnings().forEach(out::println);
    out.printf("%s: %s, in this order:%n", listed.file(), Words.count(tasks.size(), "task"));
    int n = 0;
    for (Task task : tasks) {
      n++;
      out.printf("%n%3d. %s  %s%n", n, task.id(), Screen.harmless(task.brief().title()));
      if (done.contains(task.id())) {
        out.println("     done before; not run again");
      } else {
        print(task, out);
      }
    }
    out.println();
    total(tasks.stream().filter(task -> !done.contains(task.id())).toList(), out);
    return ExitCode.DONE;
  }

  private Set<TaskId> done(Listed listed) {
    History history = tools.workbench().history(prepared.project());
    Optional<RunState> last = RunLauncher.latest(listed, history).map(history::state);
    return last.stream()
        .flatMap(state -> state.tasks().stream())
        .filter(task -> task.status() == TaskStatus.COMPLETED)
        .map(TaskState::id)
        .collect(Collectors.toSet());
  }

  private void print(Task task, PrintStream out) {
    if (task.delivery().proposed()) {
      out.println("     proposes in a copy of its folder; the diff is shown, nothing is touched");
    }
    hooks("before", task.gates().before(), out);
    out.printf(
        "     agent    %s%s, at most %s of %s%n",
        task.agent().provider(),
        task.agent().model().map(model -> " " + model).orElse(""),
        Words.count(task.bounds().attempts(), "attempt"),
        Words.count(task.bounds().turns(), "turn"));
    out.printf("     prompt   %s%n", promptSize(task));
    hooks("check", task.gates().after(), out);
    if (task.gates().after().isEmpty()) {
      out.println("     check    none: only the agent will say that it is done");
    }
    hooks("at end", task.gates().deferred(), out);
  }

  private String promptSize(Task task) {
    try {
      int chars = prompts.write(task, Optional.empty()).length() + PromptWriter.SYSTEM.length();
      return "about %s tokens".formatted(Words.tokens(chars / CHARS_PER_TOKEN));
    } catch (UsageException notYet) {
      return "not known yet: " + notYet.getMessage();
    }
  }

  private void hooks(String word, List<HookId> ids, PrintStream out) {
    for (HookId id : ids) {
      out.printf(
          "     %-8s %s: %s%s%n",
          word,
          id,
          Screen.harmless(prepared.settings().hook(id).command().shown()),
          condition(prepared.settings().hook(id).when()));
    }
  }

  private static String condition(When when) {
    return switch (when) {
      case When.Always() -> "";
      case When.OnFailure() -> " (on failure)";
      case When.Changed(List<String> globs) ->
          " (if %s changed)".formatted(Screen.harmless(String.join(", ", globs)));
    };
  }

  private void total(List<Task> tasks, PrintStream out) {
    long most =
        tasks.stream()
            .mapToLong(task -> (long) task.bounds().attempts() * task.bounds().turns())
            .sum();
    out.printf("Calls to the model: at least %d, at most %d.%n", tasks.size(), most);
    out.printf(
        "What would stop the run: a pre-hook that fails; %s in a row failing; a quota used up; a provider refusing.%n",
        Words.count(prepared.settings().failSafe().consecutiveFailuresMax(), "task"));
    out.println("Nothing was asked, run or written.");
  }
}
