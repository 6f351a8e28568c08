package dev.agentrunner.adapter.files;

import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Workspace;
import dev.agentrunner.port.Workspaces;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The folders that the tasks of one list name. */
public final class TaskFolders implements Workspaces {

  private final Path project;
  private final Path list;
  private final List<Path> readOnly;
  private final Function<Path, String> gitStatus;
  private final Map<Path, Optional<ByteBuffer>> asRead = new HashMap<>();

  /**
   * Finds folders from where the list lies.
   *
   * @param project the folder that holds {@code .agent-runner}
   * @param list the file that holds the tasks; no agent writes to it
   * @param readOnly other files that no agent writes to: those that say how the run is done
   * @param gitStatus tells the state of a folder's git work tree, as {@link #gitStatus}
   */
  public TaskFolders(
      Path project, Path list, List<Path> readOnly, Function<Path, String> gitStatus) {
    this.project = project.toAbsolutePath().normalize();
    this.list = list.toAbsolutePath().normalize();
    this.readOnly = List.copyOf(readOnly);
    this.gitStatus = gitStatus;
    rules().forEach(file -> asRead.put(file, content(file)));
  }

  @Override
  public Workspace open(Task task) {
    Path folder = path(task);
    Path home = folder(list);
    try {
      Path real = folder.toRealPath();
      if (!Files.isDirectory(real)) {
        throw fault(task, folder + " is not a folder");
      }
      // An earlier task may have put a link there; only the user may choose a place elsewhere.
      if (folder.startsWith(home) && !real.startsWith(home.toRealPath())) {
        throw fault(task, folder + " is a link to " + real + "; if that is meant, write so");
      }
      return ConfinedWorkspace.open(real, closed(), ProtectedPaths.of(task.protect()));
    } catch (IOException e) {
      throw fault(task, folder + " is not there (" + Words.of(e) + "); make it, or mend the path");
    }
  }

  @Override
  public Predicate<String> protectedFiles(Task task) {
    ProtectedPaths globs = ProtectedPaths.of(task.protect());
    return path -> globs.guardOf(path).isPresent();
  }

  @Override
  public Predicate<String> changedRules(Task task) {
    try {
      Path real = path(task).toRealPath();
      Set<String> changed = new HashSet<>();
      for (Path file : rules()) {
        Path place = place(file);
        if (place.startsWith(real) && !content(file).equals(asRead.get(file))) {
          changed.add(real.relativize(place).toString().replace(File.separatorChar, '/'));
        }
      }
      return changed::contains;
    } catch (IOException e) {
      throw fault(
          task, path(task) + " is not there (" + Words.of(e) + "); make it, or mend the path");
    }
  }

  private List<Path> rules() {
    List<Path> rules = new ArrayList<>(readOnly);
    rules.add(list);
    return rules;
  }

  /** Empty if it cannot be read. */
  private static Optional<ByteBuffer> content(Path file) {
    try {
      return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where they are, so that their paths can be told among those in a folder without links. */
  private List<Path> closed() throws IOException {
    List<Path> closed = new ArrayList<>();
    closed.add(real(list));
    for (Path file : readOnly) {
      closed.add(real(file));
    }
    return closed;
  }

  /** Where its name is, even if something has made a link of it. */
  private static Path place(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = folder(absolute);
    return Files.exists(folder) ? folder.toRealPath().resolve(absolute.getFileName()) : absolute;
  }

  private static Path real(Path file) throws IOException {
    return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
  }

  @Override
  public String folder(Task task) {
    return path(task).toString();
  }

  @Override
  public String projectFolder(Task task, String relative) {
    return project.resolve(relative).normalize().toString();
  }

  @Override
  public String gitStatus(Task task) {
    return gitStatus.apply(path(task));
  }

  @Override
  public Predicate<String> matching(List<String> globs) {
    List<Glob> patterns = new ArrayList<>();
    for (String glob : globs) {
      try {
        patterns.add(Glob.of(glob));
      } catch (Refusal refusal) {
        throw new UsageException("%s: %s; write it otherwise".formatted(glob, refusal.reason()));
      }
    }
    return path -> patterns.stream().anyMatch(pattern -> pattern.matches(path));
  }

  private Path path(Task task) {
    try {
      return folder(list).resolve(task.path()).normalize();
    } catch (InvalidPathException e) {
      throw fault(
          task, "\"" + task.path() + "\" cannot be a path on this machine: " + e.getReason());
    }
  }

  private static Path folder(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  private UsageException fault(Task task, String what) {
    return new UsageException(list.getFileName() + ": task " + task.id() + ": path: " + what);
  }
}
