package dev.agentrunner.testing;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.Worktrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/** Worktrees in memory; files are put together as wholes. Safe for use by many threads. */
public final class MemoryWorktrees implements Worktrees {

  static final String FOLDER = "/worktrees/";

  private final MemoryWorkspaces workspaces;
  private final MemoryCheckpoints checkpoints;

  /** Who was merged into the folder, in order. */
  public final List<String> landed = new ArrayList<>();

  /** Happens before files of the user's are written. */
  public Runnable onLand = () -> {};

  MemoryWorktrees(MemoryWorkspaces workspaces, MemoryCheckpoints checkpoints) {
    this.workspaces = workspaces;
    this.checkpoints = checkpoints;
  }

  @Override
  public void check(List<Task> tasks) {}

  @Override
  public String place(RunId run, Task task) {
    return FOLDER + task.id();
  }

  @Override
  public synchronized Checkpoints.Taken open(RunId run, Task task) {
    Checkpoints.Taken taken = checkpoints.take(workspaces.folder(task), Optional.empty());
    MemoryWorkspaces made = workspaces.worktree(place(run, task));
    made.files.clear();
    made.files.putAll(checkpoints.tree(taken.tree()));
    return taken;
  }

  @Override
  public synchronized Union unite(RunId run, Task task, TreeId base) {
    TreeId onto = checkpoints.take(workspaces.folder(task), Optional.of(base)).tree();
    TreeId made = checkpoints.take(place(run, task), Optional.of(base)).tree();
    Map<String, String> before = checkpoints.tree(base);
    Map<String, String> theirs = checkpoints.tree(onto);
    Map<String, String> ours = checkpoints.tree(made);
    Map<String, String> both = new TreeMap<>();
    List<String> conflicts = new ArrayList<>();
    var paths = new TreeSet<>(theirs.keySet());
    paths.addAll(ours.keySet());
    for (String path : paths) {
      String old = before.get(path);
      String mine = ours.get(path);
      String other = theirs.get(path);
      if (Objects.equals(old, mine) || Objects.equals(mine, other)) {
        Optional.ofNullable(other).ifPresent(text -> both.put(path, text));
      } else if (Objects.equals(old, other)) {
        Optional.ofNullable(mine).ifPresent(text -> both.put(path, text));
      } else {
        both.put(path, "<<<<<<<\n%s=======\n%s>>>>>>>\n".formatted(other, mine));
        conflicts.add(path);
      }
    }
    TreeId tree = checkpoints.keep(both);
    return new Union(onto, tree, tree.equals(made), conflicts);
  }

  @Override
  public synchronized OptionalInt land(Task task, TreeId onto, TreeId tree) {
    onLand.run();
    Map<String, String> from = checkpoints.tree(onto);
    Map<String, String> to = checkpoints.tree(tree);
    List<String> changed =
        checkpoints.changes(onto, tree).stream().map(Checkpoints.PathChange::path).toList();
    for (String path : changed) {
      String now = workspaces.files.get(path);
      if (!Objects.equals(now, from.get(path)) && !Objects.equals(now, to.get(path))) {
        return OptionalInt.empty();
      }
    }
    for (String path : changed) {
      if (to.containsKey(path)) {
        workspaces.files.put(path, to.getOrDefault(path, ""));
      } else {
        workspaces.files.remove(path);
      }
    }
    landed.add(task.id().value());
    return OptionalInt.of(changed.size());
  }

  @Override
  public synchronized int bring(RunId run, Task task, TreeId tree) {
    return checkpoints.restore(place(run, task), tree, false).changes().size();
  }

  @Override
  public TreeId folderIn(Task task, TreeId tree) {
    return tree;
  }

  @Override
  public synchronized void close(RunId run, Task task, boolean keeping) {
    workspaces.removeWorktree(place(run, task));
  }
}
