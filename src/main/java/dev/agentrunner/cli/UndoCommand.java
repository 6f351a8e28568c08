package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Workbench.Session;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.UsageException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code undo}. */
@Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    description = {
      "Bring a task's folder back to what was there before the task's first attempt.",
      "",
      "What git ignores is let be. How the folder looks now is kept first; --redo brings it back.",
      "Exit code 1: files were changed since the task ended, and nothing was touched."
    },
    sortOptions = false)
final class UndoCommand implements Callable<Integer> {

  private static final int LINES_MAX = 100;

  private final Tools tools;

  @Parameters(paramLabel = "TASK", description = "The id of the task.")
  private String id = "";

  @Option(names = "--dry-run", description = "Show what would change and write nothing.")
  private boolean dryRun;

  @Option(names = "--redo", description = "Take the last undo of the task back.")
  private boolean redo;

  @Option(names = "--force", description = "Even if files were changed since.")
  private boolean force;

  @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
  private @Nullable String run;

  @Mixin private Place place = new Place();

  UndoCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    KeptTask task = KeptTask.meant(tools, place, Optional.ofNullable(run), id);
    if (task.task().planned().proposed()) {
      throw new UsageException(
          "%s was only proposed in run %s: nothing of it is in the folder, so leave it as it is"
              .formatted(id, task.run()));
    }
    if (TaskPlaces.isLeftOut(task.task()) || TaskPlaces.isApart(task.task())) {
      throw new UsageException(
          "%s was done in a worktree in run %s, and not merged: nothing of it is in the folder"
              .formatted(id, task.run()));
    }
    if (TaskPlaces.isLeftOut(task.task()) || TaskPlaces.isApart(task.task())) {
      throw new UsageException(
          "%s was done in a worktree in run %s, and not merged: nothing of it is in the folder"
              .formatted(id, task.run()));
    }
    if (!task.task().status().isFinal() && !force) {
      throw new UsageException(
          "%s is not over in run %s; let the run go on, or undo it as it stands with --force"
              .formatted(id, task.run()));
    }
    if (dryRun) {
      return undo(task).number();
    }
    try (Session locked = tools.workbench().open(task.prepared())) {
      locked.recover(task.run());
      // Read again: until now somebody else could write.
      return undo(KeptTask.meant(tools, place, Optional.of(task.run().value()), id)).number();
    }
  }

  private ExitCode undo(KeptTask task) {
    Checkpoints checkpoints = tools.workbench().checkpoints(task.prepared().project());
    String name = "undone/%s/%s".formatted(task.run(), id);
    TreeId target = redo ? undone(checkpoints, name) : task.first();
    Optional<TreeId> expected = redo ? Optional.of(task.first()) : task.end();
    TreeId now = checkpoints.take(task.folder(), Optional.of(target)).tree();
    PrintStream out = tools.screen().out();
    if (now.equals(target)) {
      out.printf("Nothing to do: %s is that way already.%n", task.folder());
      return ExitCode.DONE;
    }
    List<PathChange> since = expected.map(tree -> checkpoints.changes(tree, now)).orElse(List.of());
    if (!since.isEmpty() && !force) {
      refuse(since);
      return ExitCode.FAILED;
    }
    if (!dryRun && !redo) {
      checkpoints.remember(name, now);
    }
    List<PathChange> changes = checkpoints.restore(task.folder(), target, dryRun).changes();
    print(changes, out);
    String count = Words.count(changes.size(), "file");
    if (dryRun) {
      out.printf("%s would change. Nothing was written.%n", count);
    } else {
      out.printf("%s put back in %s.%n", count, task.folder());
      if (!redo) {
        String there = place.directory().map(dir -> " -C " + dir).orElse("");
        String ofRun = run == null ? "" : " --run " + run;
        out.printf("To take this back: agent-runner undo%s %s%s --redo%n", there, id, ofRun);
      }
    }
    return ExitCode.DONE;
  }

  private TreeId undone(Checkpoints checkpoints, String name) {
    return checkpoints
        .remembered(name)
        .orElseThrow(() ->
            new UsageException(
                "%s was not undone here; name a task that was, or leave --redo out".formatted(id)));
  }

  private void refuse(List<PathChange> since) {
    PrintStream err = tools.screen().err();
    err.printf(
        "agent-runner: %s changed since %s; nothing was touched:%n",
        Words.count(since.size(), "file"), redo ? "the undo" : "the task ended");
    print(since, err);
    err.println(
        "To go back all the same, and lose that: --force (it is kept; --redo brings it back)");
  }

  private static void print(List<PathChange> changes, PrintStream to) {
    changes.stream().limit(LINES_MAX).map(UndoCommand::line).forEach(to::println);
    if (changes.size() > LINES_MAX) {
      to.printf("... and %d more%n", changes.size() - LINES_MAX);
    }
  }

  private static String line(PathChange change) {
    String word =
        change.before().isEmpty()
            ? "new      "
            : change.after().isEmpty() ? "removed  " : "changed  ";
    return word + Screen.harmless(change.path());
  }
}
