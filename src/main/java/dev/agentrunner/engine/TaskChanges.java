package dev.agentrunner.engine;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.CallPolicy;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunEvent.CheckpointTaken;
import dev.agentrunner.core.run.TaskCheckpoints.Moment;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Checkpoints.Kept;
import dev.agentrunner.port.Checkpoints.PathChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a task changed since it was last committed. Its edits stand in the run's log; what commands
 * and agents of their own did is what differs between the checkpoints around it.
 */
final class TaskChanges implements Consumer<Recorded> {

  private final TaskId task;
  private final Settings settings;

  /** Since the last commit, the agent's own ones included. */
  private final Map<String, FileChange> edits = new LinkedHashMap<>();

  /** What the agent committed itself since the last commit of ours, as it left it. */
  private final Map<String, Optional<String>> committed = new LinkedHashMap<>();

  /** Times the task was at work since the last commit of ours, in order. */
  private final List<AtWork> work = new ArrayList<>();

  private Optional<CheckpointTaken> last = Optional.empty();
  private boolean beyondEdits;

  /** How the folder looked before and after. */
  private record AtWork(TreeId before, TreeId after) {}

  TaskChanges(TaskId task, Settings settings) {
    this.task = task;
    this.settings = settings;
  }

  /**
   * Those made by edits: each path once, as it was before and as it was left; none that is as it
   * was.
   */
  List<FileChange> edited() {
    return edits.values().stream()
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }

  /**
   * All of them, of ordinary files. The same as {@link #edited} while only edits were made, so that
   * what others do in the folder meanwhile is not taken for the task's.
   */
  List<FileChange> all(Checkpoints checkpoints) {
    if (!beyondEdits || work.isEmpty()) {
      return edited();
    }
    Map<String, PathChange> differing = new LinkedHashMap<>();
    for (AtWork stretch : work) {
      checkpoints
          .changes(stretch.before(), stretch.after())
          .forEach(change -> differing.merge(change.path(), change, TaskChanges::together));
    }
    return files(
        differing.values(),
        change ->
            new FileChange(
                change.path(), before(change, checkpoints), digest(change.after(), checkpoints)));
  }

  /** What differs in ordinary files between two states of a folder. */
  static List<FileChange> between(TreeId before, TreeId after, Checkpoints checkpoints) {
    return files(
        checkpoints.changes(before, after),
        change ->
            new FileChange(
                change.path(),
                digest(change.before(), checkpoints),
                digest(change.after(), checkpoints)));
  }

  private static List<FileChange> files(
      Collection<PathChange> differing, Function<PathChange, FileChange> file) {
    return differing.stream()
        .filter(change -> isOrdinary(change.before()) && isOrdinary(change.after()))
        .map(file)
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }

  private Optional<String> before(PathChange change, Checkpoints checkpoints) {
    FileChange edit = edits.get(change.path());
    return edit != null
        ? edit.before()
        : Objects.requireNonNullElseGet(
            committed.get(change.path()), () -> digest(change.before(), checkpoints));
  }

  private static Optional<String> digest(Optional<Kept> file, Checkpoints checkpoints) {
    return file.map(checkpoints::content).map(Digest::of);
  }

  private static boolean isOrdinary(Optional<Kept> file) {
    return file.map(Kept::mode).filter(FileMode.LINK::equals).isEmpty();
  }

  @Override
  public void accept(Recorded recorded) {
    if (!(recorded.event() instanceof RunEvent.OfTask event) || !event.task().equals(task)) {
      return;
    }
    switch (event) {
      case RunEvent.EditApplied edit ->
          edit.changes()
              .forEach(change -> edits.merge(change.path(), change, TaskChanges::together));
      case RunEvent.AttemptStarted e -> beyondEdits |= settings.worksAlone(e.provider());
      case RunEvent.ProviderSwitched e -> beyondEdits |= settings.worksAlone(e.provider());
      case RunEvent.ToolCalled e -> beyondEdits |= e.name().equals(CallPolicy.RUN_COMMAND);
      case RunEvent.CheckpointTaken e -> pass(e);
      case RunEvent.GitCommitted ignored -> {
        edits.clear();
        committed.clear();
        work.clear();
        beyondEdits = false;
      }
      case RunEvent.ToolReturned returned -> {
        if (returned.result().name().equals(GitTools.COMMIT) && !returned.result().failed()) {
          edits.forEach((path, change) -> committed.put(path, change.after()));
          edits.clear();
        }
      }
      default -> {
        // Nothing else changes files.
      }
    }
  }

  /** Between the end of an attempt and the next one, only others were at work. */
  private void pass(CheckpointTaken now) {
    last.filter(before ->
            now.when() == Moment.AFTER
                || (before.when() == Moment.BEFORE && now.attempt() > before.attempt()))
        .ifPresent(before -> work.add(new AtWork(before.tree(), now.tree())));
    last = Optional.of(now);
  }

  private static FileChange together(FileChange first, FileChange then) {
    return new FileChange(first.path(), first.before(), then.after());
  }

  private static PathChange together(PathChange first, PathChange then) {
    return new PathChange(first.path(), first.before(), then.after());
  }
}
