package dev.agentrunner;

import dev.agentrunner.adapter.files.ConfinedWorkspace;
import dev.agentrunner.adapter.files.ProtectedPaths;
import dev.agentrunner.adapter.git.FolderCopies;
import dev.agentrunner.adapter.git.GitStatus;
import dev.agentrunner.cli.Workbench.Proposals;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where the tasks of one list work: those that are only proposed in copies of their folders, all
 * others in the folders themselves. Tasks of the same folder share a copy, and so do those of
 * folders of which one holds the other, so that later tasks see what earlier ones did.
 */
final class LocalProposals implements Proposals {

  private final Workspaces folders;
  private final List<Path> roots;
  private final List<Path> closed;
  private final FolderCopies copies;
  private final Consumer<String> notices;

  /**
   * @param folders the user's own
   * @param tasks of the list, all of them
   * @param closed files that no agent writes to, absolute
   * @param notices is told what a copy does not hold
   */
  LocalProposals(
      Workspaces folders,
      List<Task> tasks,
      List<Path> closed,
      FolderCopies copies,
      Consumer<String> notices) {
    this.folders = folders;
    this.roots =
        tasks.stream()
            .map(task -> Path.of(folders.folder(task)))
            .distinct()
            .sorted(Comparator.comparingInt(Path::getNameCount))
            .toList();
    this.closed = List.copyOf(closed);
    this.copies = copies;
    this.notices = notices;
  }

  @Override
  public Workspaces workspaces() {
    return new Places();
  }

  /** The same, with each copy made when it is first worked in. */
  Workspaces making() {
    return new MakingPlaces(new Places());
  }

  @Override
  public boolean has(Task task) {
    return copies.has(root(task));
  }

  @Override
  public void remove() {
    copies.remove();
  }

  /** The outermost folder of the list that the task's own is in. */
  private Path root(Task task) {
    Path own = Path.of(folders.folder(task));
    return roots.stream().filter(own::startsWith).findFirst().orElse(own);
  }

  /** Where a file of the user's is in the copy that a task is done in. */
  private Path copied(Task task, Path file) {
    Path root = root(task);
    return copies.place(root).resolve(root.relativize(file));
  }

  private void make(Task task) {
    if (copies.has(root(task))) {
      return;
    }
    folders.open(task); // Refuses what is no folder, or a link that the user did not mean.
    String note = copies.make(root(task));
    if (!note.isEmpty()) {
      notices.accept(
          "not in the copy of %s:%n%s".formatted(root(task), note.indent(2).stripTrailing()));
    }
  }

  private final class Places implements Workspaces {

    @Override
    public Workspace open(Task task) {
      if (!task.delivery().proposed()) {
        return folders.open(task);
      }
      Path folder = Path.of(folder(task));
      Path root = root(task);
      try {
        List<Path> inCopy =
            closed.stream()
                .filter(file -> file.startsWith(root))
                .map(file -> copied(task, file))
                .toList();
        return ConfinedWorkspace.open(
            folder.toRealPath(), inCopy, ProtectedPaths.of(task.protect()));
      } catch (IOException e) {
        throw new EnvironmentException(
            "the copy of %s that task %s is done in is not there: %s; begin anew with: agent-runner run --redo %s"
                .formatted(root, task.id(), folder, task.id()),
            e);
      }
    }

    @Override
    public String folder(Task task) {
      String own = folders.folder(task);
      return task.delivery().proposed() ? copied(task, Path.of(own)).toString() : own;
    }

    @Override
    public String projectFolder(Task task, String relative) {
      String own = folders.projectFolder(task, relative);
      if (!task.delivery().proposed()) {
        return own;
      }
      if (!Path.of(own).startsWith(root(task))) {
        throw new UsageException(
            "task %s is only proposed, and a hook of it runs in %s, which is not in the copy of %s; take the hook's cwd out, or do the task without propose"
                .formatted(task.id(), own, root(task)));
      }
      return copied(task, Path.of(own)).toString();
    }

    @Override
    public Predicate<String> protectedFiles(Task task) {
      return folders.protectedFiles(task);
    }

    @Override
    public Predicate<String> matching(List<String> globs) {
      return folders.matching(globs);
    }

    /** Nobody reads those in a copy. */
    @Override
    public Predicate<String> changedRules(Task task) {
      return task.delivery().proposed() ? path -> false : folders.changedRules(task);
    }

    @Override
    public String gitStatus(Task task) {
      return task.delivery().proposed()
          ? new GitStatus().of(Path.of(folder(task)))
          : folders.gitStatus(task);
    }
  }

  private final class MakingPlaces implements Workspaces {

    private final Workspaces places;

    MakingPlaces(Workspaces places) {
      this.places = places;
    }

    private Workspaces with(Task task) {
      if (task.delivery().proposed()) {
        make(task);
      }
      return places;
    }

    @Override
    public Workspace open(Task task) {
      return with(task).open(task);
    }

    @Override
    public String folder(Task task) {
      return with(task).folder(task);
    }

    @Override
    public String projectFolder(Task task, String relative) {
      return with(task).projectFolder(task, relative);
    }

    @Override
    public Predicate<String> matching(List<String> globs) {
      return places.matching(globs);
    }

    @Override
    public Predicate<String> protectedFiles(Task task) {
      return with(task).protectedFiles(task);
    }

    @Override
    public Predicate<String> changedRules(Task task) {
      return with(task).changedRules(task);
    }

    @Override
    public String gitStatus(Task task) {
      return with(task).gitStatus(task);
    }
  }
}
