package dev.agentrunner;

import dev.agentrunner.adapter.files.ConfinedWorkspace;
import dev.agentrunner.adapter.files.ProtectedPaths;
import dev.agentrunner.adapter.git.GitStatus;
import dev.agentrunner.adapter.git.LinkedWorktrees;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Where tasks work that are done in worktrees; all others work where they would anyway. */
final class LocalWorktrees implements Workspaces {

  private final Workspaces folders;
  private final Map<Path, Optional<ByteBuffer>> rules = new HashMap<>();

  /**
   * @param folders of the tasks that are not done in worktrees
   * @param closed files that say what the run is to do, absolute; no agent writes to them
   */
  LocalWorktrees(Workspaces folders, List<Path> closed) {
    this.folders = folders;
    closed.forEach(file -> rules.put(file.toAbsolutePath().normalize(), content(file)));
  }

  /** Empty if it cannot be read. */
  private static Optional<ByteBuffer> content(Path file) {
    try {
      return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String own(Task task) {
    return folders.folder(task);
  }

  /** Where a file of the user's is in the worktree; empty if it is in no such repository. */
  private Optional<Path> inside(Task task, Path file) {
    Path top = LinkedWorktrees.topOf(Path.of(own(task)));
    Path place = Path.of(task.delivery().worktree().orElseThrow());
    Path folder = file.resolveSibling("");
    Path name = file.getFileName();
    if (name == null) {
      return Optional.empty();
    }
    try {
      Path real = folder.toRealPath().resolve(name);
      return real.startsWith(top)
          ? Optional.of(place.resolve(top.relativize(real)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Workspace open(Task task) {
    if (task.delivery().worktree().isEmpty()) {
      return folders.open(task);
    }
    Path folder = Path.of(folder(task));
    try {
      List<Path> closed =
          rules.keySet().stream().flatMap(file -> inside(task, file).stream()).toList();
      return ConfinedWorkspace.open(folder.toRealPath(), closed, ProtectedPaths.of(task.protect()));
    } catch (IOException e) {
      throw new EnvironmentException(
          "the worktree that task %s is done in is gone: %s; begin the task again with: agent-runner retry %s"
              .formatted(task.id(), folder, task.id()),
          e);
    }
  }

  @Override
  public String folder(Task task) {
    return task.delivery()
        .worktree()
        .map(place -> LinkedWorktrees.inside(place, Path.of(own(task))).toString())
        .orElseGet(() -> own(task));
  }

  @Override
  public String projectFolder(Task task, String relative) {
    String own = folders.projectFolder(task, relative);
    if (task.delivery().worktree().isEmpty()) {
      return own;
    }
    return inside(task, Path.of(own)).map(Path::toString).orElse(own);
  }

  @Override
  public Predicate<String> protectedFiles(Task task) {
    return folders.protectedFiles(task);
  }

  @Override
  public Predicate<String> changedRules(Task task) {
    if (task.delivery().worktree().isEmpty()) {
      return folders.changedRules(task);
    }
    Path folder = Path.of(folder(task));
    Set<String> changed = new HashSet<>();
    rules.forEach((file, before) ->
        inside(task, file)
            .filter(copy -> copy.startsWith(folder) && !content(copy).equals(before))
            .ifPresent(copy ->
                changed.add(folder.relativize(copy).toString().replace(File.separatorChar, '/'))));
    return changed::contains;
  }

  @Override
  public Predicate<String> matching(List<String> globs) {
    return folders.matching(globs);
  }

  @Override
  public String gitStatus(Task task) {
    return task.delivery().worktree().isEmpty()
        ? folders.gitStatus(task)
        : new GitStatus().of(Path.of(folder(task)));
  }
}
