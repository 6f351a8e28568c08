package dev.agentrunner.adapter.git;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints.Taken;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import dev.agentrunner.port.Worktrees;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Worktrees as git itself links them, with what a checkpoint of the user's work tree holds, so that
 * an agent sees what the person sees. What is nowhere else is kept when they are removed, as {@code
 * refs/agent-runner/worktrees/RUN/TASK} of the checkpoints' repository.
 *
 * <pre>
 * .agent-runner/worktrees/
 * ├── 20261121-101530-1f0c/T1/
 * └── .removed/20261121-101530-1f0c/T2/    being removed, or left by a crash
 * </pre>
 */
public final class LinkedWorktrees implements Worktrees {

  private static final List<String> UNDER_WAY =
      List.of("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply");

  /** Beside the runs, whose names have no dot. */
  private static final String GONE = ".removed";

  private final Path home;
  private final ObjectStore store;
  private final GitCheckpoints checkpoints;
  private final Function<Task, String> folders;

  /**
   * @param home the folder that holds the worktrees and nothing else
   * @param store where checkpoints are kept
   * @param folders where tasks work when they have no worktree, as absolute paths
   */
  public LinkedWorktrees(
      Path home, Path store, InstantSource clock, Function<Task, String> folders) {
    this.home = home;
    this.store = new ObjectStore(store);
    this.checkpoints = new GitCheckpoints(store, clock);
    this.folders = folders;
  }

  @Override
  public void check(List<Task> tasks) {
    for (Task task : tasks) {
      Optional<String> reason = hindrance(Path.of(folders.apply(task)));
      if (reason.isPresent()) {
        throw new UsageException(
            "task %s cannot be worked on beside others: %s, or do one task after the other with --jobs 1"
                .formatted(task.id(), reason.get()));
      }
    }
  }

  private static Optional<String> hindrance(Path folder) {
    try {
      Located located = Located.from(folder);
      if (LinkedTree.head(located).isEmpty()) {
        return Optional.of(located.tree() + " has no commit yet; make one with git commit");
      }
      return UNDER_WAY.stream()
          .filter(name -> Files.exists(located.gitFolder().resolve(name)))
          .findFirst()
          .map(name ->
              "a merge or rebase is under way in %s (%s); end it first"
                  .formatted(located.tree(), name));
    } catch (Refusal refusal) {
      return Optional.of(
          refusal.reason() + "; make one with git init and git commit, in which it is");
    } catch (IOException e) {
      return Optional.of("%s cannot be looked at (%s); mend that".formatted(folder, e));
    }
  }

  @Override
  public String place(RunId run, Task task) {
    return home.resolve(run.value()).resolve(task.id().value()).toString();
  }

  /** The folder of the worktree that stands for {@code folder} of the user's. */
  public static Path inside(String place, Path folder) {
    Path real = real(folder);
    return Path.of(place).resolve(top(real).relativize(real));
  }

  /** The user's work tree that {@code folder} is in; itself outside of git. */
  public static Path topOf(Path folder) {
    return top(real(folder));
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath().normalize();
    }
  }

  private static Path top(Path real) {
    return UserRepository.around(real).top().orElse(real);
  }

  private Path top(Task task) {
    return topOf(Path.of(folders.apply(task)));
  }

  @Override
  public synchronized Taken open(RunId run, Task task) {
    Path place = Path.of(place(run, task));
    Path folder = real(Path.of(folders.apply(task)));
    Path top = top(folder);
    try {
      remove(place);
      Taken taken = checkpoints.take(top.toString(), Optional.empty());
      Files.createDirectories(place);
      Files.writeString(home.resolve(Ignores.FILE), "*\n"); // Nobody commits them by accident.
      new WrittenTree(store, (_, _) -> {}).write(taken.tree().hex(), place);
      Path inside = place.resolve(top.relativize(folder));
      if (!Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        requireEmpty(folder);
        Files.createDirectories(inside);
      }
      LinkedTree.link(Located.from(top), place, "%s-%s".formatted(run, task.id()));
      return taken;
    } catch (IOException | Refusal e) {
      throw new EnvironmentException(
          "cannot make the worktree of task %s at %s: %s".formatted(task.id(), place, why(e)), e);
    }
  }

  private static String why(Exception e) {
    return e instanceof Refusal refusal ? refusal.reason() : e.toString();
  }

  /** What is not in the worktree though it is there is ignored. */
  private static void requireEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      if (files.iterator().hasNext()) {
        throw new IOException(
            "git ignores what is in %s, so it is in no worktree; do without --jobs"
                .formatted(folder));
      }
    }
  }

  @Override
  public synchronized Union unite(RunId run, Task task, TreeId base) {
    TreeId onto = checkpoints.take(top(task).toString(), Optional.of(base)).tree();
    TreeId made = checkpoints.take(existing(run, task), Optional.of(base)).tree();
    try {
      TreeMerge.Merged merged = new TreeMerge(store).of(base.hex(), onto.hex(), made.hex());
      return new Union(
          onto,
          new TreeId(merged.tree()),
          merged.tree().equals(made.hex()) && merged.conflicts().isEmpty(),
          merged.conflicts());
    } catch (IOException e) {
      throw trouble("cannot merge task " + task.id(), e);
    }
  }

  private String existing(RunId run, Task task) {
    String place = place(run, task);
    if (!Files.isDirectory(Path.of(place), LinkOption.NOFOLLOW_LINKS)) {
      throw new EnvironmentException(
          "the worktree of task %s is gone: %s; begin the task again with: agent-runner retry %s"
              .formatted(task.id(), place, task.id()));
    }
    return place;
  }

  private static EnvironmentException trouble(String what, IOException e) {
    return new EnvironmentException(what + ": " + e.getMessage(), e);
  }

  @Override
  public synchronized OptionalInt land(Task task, TreeId onto, TreeId tree) {
    String top = top(task).toString();
    try {
      List<Delta> deltas = Delta.between(store, onto.hex(), tree.hex());
      Set<String> meant = deltas.stream().map(Delta::raw).collect(Collectors.toSet());
      TreeId now = checkpoints.take(top, Optional.of(onto)).tree();
      Set<String> undone =
          Delta.between(store, tree.hex(), now.hex()).stream()
              .map(Delta::raw)
              .collect(Collectors.toSet());
      boolean overtaken =
          Delta.between(store, onto.hex(), now.hex()).stream()
              .map(Delta::raw)
              .anyMatch(raw -> meant.contains(raw) && undone.contains(raw));
      if (overtaken) {
        return OptionalInt.empty();
      }
      checkpoints.restoreOnly(
          top, tree, meant.stream().map(RawName::shown).collect(Collectors.toSet()));
      return OptionalInt.of(deltas.size());
    } catch (IOException e) {
      throw trouble("cannot merge task " + task.id(), e);
    }
  }

  @Override
  public synchronized int bring(RunId run, Task task, TreeId tree) {
    return checkpoints.restore(existing(run, task), tree, false).changes().size();
  }

  @Override
  public synchronized TreeId folderIn(Task task, TreeId tree) {
    Path folder = real(Path.of(folders.apply(task)));
    try {
      String at = tree.hex();
      for (Path name : top(folder).relativize(folder)) {
        if (!name.toString().isEmpty()) {
          TreeEntry entry = TreeEntry.entries(store.read(at)).get(RawName.of(name));
          at = entry != null && entry.isFolder() ? entry.id() : empty();
        }
      }
      return new TreeId(at);
    } catch (IOException e) {
      throw trouble("cannot merge task " + task.id(), e);
    }
  }

  private String empty() throws IOException {
    String id = store.add(ObjectKind.TREE, new byte[0]);
    store.flush();
    return id;
  }

  @Override
  public synchronized void close(RunId run, Task task, boolean keeping) {
    close(Path.of(place(run, task)), keeping);
  }

  private void close(Path place, boolean keeping) {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (keeping) {
      TreeId held = checkpoints.take(place.toString(), Optional.empty()).tree();
      checkpoints.remember(
          "worktrees/" + home.relativize(place).toString().replace('\\', '/'), held);
    }
    try {
      remove(place);
      removeIfEmpty(place.resolveSibling(""));
    } catch (IOException e) {
      throw trouble("cannot remove the worktree " + place, e);
    }
  }

  /**
   * It is out of the way at once, and nobody takes half of it for what was worked on: what a crash
   * leaves of it goes with the next one.
   */
  private void remove(Path place) throws IOException {
    Path gone = home.resolve(GONE).resolve(home.relativize(place));
    discard(gone, place);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(gone.resolveSibling(""));
      Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
      discard(gone, place);
    }
  }

  private void discard(Path gone, Path place) throws IOException {
    if (Files.exists(gone, LinkOption.NOFOLLOW_LINKS)) {
      LinkedTree.unlink(place, gone);
      WholeFolder.delete(gone);
      removeIfEmpty(gone.resolveSibling(""));
      removeIfEmpty(home.resolve(GONE));
    }
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    if (LinkedTree.isEmpty(folder)) {
      Files.delete(folder);
    }
  }

  /**
   * Removes what runs have left over that nobody goes on with.
   *
   * @param over tells which runs those are
   */
  public synchronized void sweep(Predicate<RunId> over) {
    discardAll();
    for (Path run : folders(home)) {
      if (!run.endsWith(GONE) && over.test(new RunId(run.getFileName().toString()))) {
        folders(run).forEach(place -> close(place, true));
      }
    }
  }

  /** What a crash left of those that were being removed. */
  private void discardAll() {
    Path all = home.resolve(GONE);
    for (Path run : folders(all)) {
      for (Path gone : folders(run)) {
        try {
          discard(gone, home.resolve(all.relativize(gone)));
        } catch (IOException e) {
          throw trouble("cannot remove what is left of the worktree " + gone, e);
        }
      }
    }
  }

  private static List<Path> folders(Path in) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(in, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> folders =
          Files.newDirectoryStream(in, one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))) {
        folders.forEach(found::add);
      } catch (IOException e) {
        throw trouble("cannot list " + in, e);
      }
    }
    return found;
  }
}
