package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.UsageException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a task changed in its folder, whoever did it: the agent, its commands, hooks.",
      "",
      "From before its first attempt to its end, or to now while it goes on."
    },
    sortOptions = false)
final class DiffCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(index = "0", paramLabel = "TASK", description = "The id of the task.")
  private String id = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Only these files, or what is in these folders, from the task's folder.")
  private List<String> files = List.of();

  @Option(names = "--attempt", paramLabel = "N", description = "Only what that attempt changed.")
  private @Nullable Integer attempt;

  @Option(names = "--run", paramLabel = "ID", description = "Another run than the last one.")
  private @Nullable String run;

  @Mixin private Place place = new Place();

  DiffCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    KeptTask task = KeptTask.meant(tools, place, Optional.ofNullable(run), id);
    Checkpoints checkpoints = tools.workbench().checkpoints(task.prepared().project());
    TreeId from = task.first();
    Optional<TreeId> end = task.task().checkpoints().after().filter(_ -> task.end().isPresent());
    if (attempt != null) {
      Map<Moment, TreeId> taken = taken(task, attempt);
      from =
          Optional.ofNullable(taken.get(Moment.BEFORE))
              .orElseThrow(() ->
                  new UsageException(
                      "%s had no attempt %d in run %s; name one of the %d it had"
                          .formatted(id, attempt, task.run(), task.task().attempts())));
      end = Optional.ofNullable(taken.get(Moment.AFTER));
    }
    TreeId to =
        end.orElseGet(() -> checkpoints.take(task.folder(), Optional.of(task.first())).tree());
    KeptDiff diff = new KeptDiff(tools.workbench(), checkpoints);
    checkpoints.changes(from, to).stream()
        .filter(this::isMeant)
        .flatMap(change -> ColouredDiff.lines(diff.of(change), tools.screen()).stream())
        .forEach(tools.screen().out()::println);
    return ExitCode.DONE.number();
  }

  private Map<Moment, TreeId> taken(KeptTask task, int number) {
    Map<Moment, TreeId> taken = new EnumMap<>(Moment.class);
    tools
        .workbench()
        .history(task.prepared().project())
        .events(
            task.run(),
            recorded -> {
              if (recorded.event() instanceof CheckpointTaken e
                  && e.task().value().equals(id)
                  && e.attempt() == number) {
                taken.put(e.when(), e.tree());
              }
            });
    return taken;
  }

  private boolean isMeant(PathChange change) {
    return files.isEmpty()
        || files.stream()
            .map(file -> file.replaceFirst("^\\./", "").replaceFirst("/$", ""))
            .anyMatch(file ->
                file.equals(".")
                    || change.path().equals(file)
                    || change.path().startsWith(file + "/"));
  }
}
