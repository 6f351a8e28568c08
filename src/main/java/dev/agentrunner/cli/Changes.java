package dev.agentrunner.cli;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStates;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Artifacts;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import dev.agentrunner.port.EnvironmentException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was changed in a run: all that differs between the checkpoints of each task; of tasks that
 * have none, what the agent changed, from the events and the bodies kept with them.
 */
public final class Changes {

  private final Workbench workbench;
  private final Workbench.Trace history;
  private final TaskPlaces places;
  private final Checkpoints checkpoints;

  Changes(Workbench workbench, Workbench.Prepared prepared) {
    this(workbench, prepared, workbench.history(prepared.project()));
  }

  public Changes(Workbench workbench, Workbench.Prepared prepared, Workbench.Trace history) {
    this.workbench = workbench;
    this.history = history;
    this.places = new TaskPlaces(workbench, prepared);
    this.checkpoints = workbench.checkpoints(prepared.project());
  }

  /**
   * A unified diff over all files, by path from the list's folder; empty if nothing was changed.
   */
  public String of(RunState state, List<Task> tasks) {
    return of(state.run(), inOrder(state.tasks()), tasks);
  }

  /** Those of which the folder has something, as they came into it. */
  private static TaskStates inOrder(TaskStates all) {
    if (all.stream().noneMatch(task -> task.worktree().isPresent())) {
      return all;
    }
    return TaskStates.of(
        all.stream()
            .filter(task -> task.worktree().filter(own -> !own.isMerged()).isEmpty())
            .sorted(Comparator.comparing(task -> task.work().ended().orElse(Instant.MAX)))
            .toList());
  }

  private String of(RunId run, TaskStates states, List<Task> tasks) {
    Map<TaskId, Task> byId = tasks.stream().collect(Collectors.toMap(Task::id, task -> task));
    Map<String, PathChange> kept = new TreeMap<>();
    Map<String, PathChange> edited = new TreeMap<>();
    Set<TaskId> known = new HashSet<>();
    for (TaskState task : states) {
      Optional<TreeId> first = task.checkpoints().first();
      Optional<TreeId> last =
          first.isEmpty() ? first : last(run, task, first.get(), byId.get(task.id()));
      if (first.isPresent() && last.isPresent()) {
        known.add(task.id());
        checkpoints.changes(first.get(), last.get()).stream()
            .map(change -> placed(change, byId.get(task.id())))
            .forEach(change -> kept.merge(change.path(), change, Changes::both));
      }
    }
    history.events(
        run,
        recorded -> {
          if (recorded.event() instanceof RunEvent.EditApplied edit
              && states.has(edit.task())
              && !known.contains(edit.task())) {
            edit.changes().stream()
                .map(change ->
                    new PathChange(change.path(), plain(change.before()), plain(change.after())))
                .map(change -> placed(change, byId.get(edit.task())))
                .forEach(change -> edited.merge(change.path(), change, Changes::both));
          }
        });
    KeptDiff diff = new KeptDiff(workbench, checkpoints);
    Artifacts artifacts = history.artifacts(run);
    Map<String, String> texts = new TreeMap<>();
    edited.forEach((path, change) -> texts.put(path, edited(change, artifacts)));
    kept.forEach((path, change) -> texts.put(path, diff.of(change)));
    return String.join("", texts.values());
  }

  /** The changes of one task that is under way, like {@link #of}. */
  String soFar(RunId run, TaskState task, List<Task> tasks) {
    return of(run, TaskStates.of(List.of(task)), tasks);
  }

  /** The changes of one task that is over, as a diff from its folder. */
  String ofFailed(TaskState task) {
    Optional<TreeId> first = task.checkpoints().first();
    Optional<TreeId> after = task.checkpoints().after();
    if (first.isEmpty() || after.isEmpty()) {
      return "";
    }
    KeptDiff diff = new KeptDiff(workbench, checkpoints);
    return checkpoints.changes(first.get(), after.get()).stream()
        .map(diff::of)
        .collect(Collectors.joining());
  }

  /** Whether {@link #ofFailed} is kept for people. */
  static boolean isKept(TaskState task) {
    return task.status() == TaskStatus.FAILED
        && !task.planned().proposed()
        && task.checkpoints().after().isPresent()
        && !task.checkpoints().after().equals(task.checkpoints().first());
  }

  private Optional<TreeId> last(
      RunId run, TaskState task, TreeId first, @org.jspecify.annotations.Nullable Task defined) {
    if (task.checkpoints().restored()) {
      return Optional.of(first);
    }
    if (task.status().isFinal() || defined == null) {
      return task.checkpoints().after();
    }
    try {
      return Optional.of(
          checkpoints.take(places.folder(run, task, defined), Optional.of(first)).tree());
    } catch (EnvironmentException e) {
      return Optional.empty(); // The run stopped, perhaps for that very reason.
    }
  }

  private static Optional<Kept> plain(Optional<String> digest) {
    return digest.map(name -> new Kept(FileMode.PLAIN, name));
  }

  private String edited(PathChange change, Artifacts artifacts) {
    if (change.before().equals(change.after())) {
      return "";
    }
    Optional<byte[]> before = change.before().map(Kept::digest).flatMap(artifacts::find);
    Optional<byte[]> after = change.after().map(Kept::digest).flatMap(artifacts::find);
    boolean found =
        before.isPresent() == change.before().isPresent()
            && after.isPresent() == change.after().isPresent();
    return found
        ? workbench.diff(change.path(), before, after)
        : "# %s was changed; how is not shown, as it holds a secret%n".formatted(change.path());
  }

  private static PathChange both(PathChange first, PathChange second) {
    return new PathChange(first.path(), first.before(), second.after());
  }

  private static PathChange placed(
      PathChange change, @org.jspecify.annotations.Nullable Task task) {
    String prefix =
        Optional.ofNullable(task).map(t -> t.path().replaceFirst("^\\./", "")).orElse("");
    return prefix.isEmpty() || prefix.equals(".")
        ? change
        : new PathChange(prefix + "/" + change.path(), change.before(), change.after());
  }
}
