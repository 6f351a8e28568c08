package dev.agentrunner;

import dev.agentrunner.cli.Workbench.Given;
import dev.agentrunner.cli.Workbench.Prepared;
import dev.agentrunner.cli.Workbench.Sources;
import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.RunRecord;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Preflight;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.server.work.Site;
import dev.agentrunner.server.work.Sites;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Projects of a server that lie on this machine. */
final class LocalSites implements Sites {

  private final LocalWorkbench workbench;
  private final String version;
  private final InstantSource clock;

  /**
   * @param version of this program, for the log
   */
  LocalSites(LocalWorkbench workbench, String version, InstantSource clock) {
    this.workbench = workbench;
    this.version = version;
    this.clock = clock;
  }

  @Override
  public Site open(Project project, RunRecord run) {
    Prepared prepared = prepared(project, run.order());
    List<Task> tasks = meant(prepared, run.order());
    LocalSession session = workbench.open(prepared);
    try {
      new Preflight(prepared.settings(), tasks).payers(session::payer);
      return new LocalSite(workbench, prepared, tasks, session, run, version, clock);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Reads what a run is to do.
   *
   * @throws UsageException with every fault of the list and the configuration
   */
  Prepared prepared(Project project, RunOrder order) {
    List<Given> options =
        order.options().entrySet().stream()
            .map(option ->
                new Given("options." + option.getKey(), option.getKey(), option.getValue()))
            .toList();
    Sources sources =
        new Sources(
            Optional.of(project.folder()),
            Optional.empty(),
            Optional.empty(),
            options,
            Optional.empty());
    Prepared prepared = workbench.prepare(sources, order.list(), order.listName());
    prepared.list().orElseThrow().tasks().tasks().forEach(task -> checkInside(project, task));
    return prepared;
  }

  static Sources sources(Project project, RunOrder order) {
    List<Given> options =
        order.options().entrySet().stream()
            .map(option ->
                new Given("options." + option.getKey(), option.getKey(), option.getValue()))
            .toList();
    return new Sources(
        Optional.of(project.folder()),
        Optional.empty(),
        Optional.empty(),
        options,
        Optional.empty());
  }

  /** Whoever may start a run has the project, and not the whole machine. */
  private static void checkInside(Project project, Task task) {
    Path folder = Path.of(project.folder());
    Path works = folder.resolve(task.path()).normalize();
    try {
      boolean inside =
          works.startsWith(folder) && nearest(works).toRealPath().startsWith(folder.toRealPath());
      if (!inside) {
        throw new UsageException(
            "task %s: path: %s is outside of project %s"
                .formatted(task.id(), task.path(), project.name()));
      }
    } catch (IOException e) {
      throw new UsageException(
          "project %s: its folder %s is not there".formatted(project.name(), folder));
    }
  }

  private static Path nearest(Path path) {
    Path there = path;
    while (!there.toFile().exists() && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  static List<Task> meant(Prepared prepared, RunOrder order) {
    List<Task> all = prepared.list().orElseThrow().tasks().inOrder();
    if (order.only().isEmpty()) {
      return all;
    }
    Set<String> only = new HashSet<>(order.only());
    List<Task> meant = all.stream().filter(task -> only.remove(task.id().value())).toList();
    if (!only.isEmpty()) {
      throw new UsageException(
          "there is no task " + String.join(", ", only.stream().sorted().toList()));
    }
    Set<TaskId> ids = new HashSet<>(meant.stream().map(Task::id).toList());
    for (Task task : meant) {
      for (TaskId needed : task.dependsOn()) {
        if (!ids.contains(needed)) {
          throw new UsageException(
              "task %s depends on %s, which is not among those asked for"
                  .formatted(task.id(), needed));
        }
      }
    }
    return meant;
  }
}
