package dev.agentrunner.testing;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.EnvironmentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Checkpoints of the folders that {@link MemoryWorkspaces} has. Safe for use by many threads. */
public final class MemoryCheckpoints implements Checkpoints {

  private final Function<String, Map<String, String>> folders;
  private final Map<TreeId, Map<String, String>> kept = new HashMap<>();
  private final Map<String, String> contents = new HashMap<>();
  private final Map<String, TreeId> names = new HashMap<>();

  /** Why nothing can be kept, if so. */
  public Optional<String> trouble = Optional.empty();

  /** Happens half way through putting files back. */
  public Runnable onRestore = () -> {};

  public MemoryCheckpoints(Map<String, String> files) {
    this.folders = _ -> files;
  }

  /** Of the folder that all tasks share, and of their worktrees. */
  public MemoryCheckpoints(MemoryWorkspaces workspaces) {
    this.folders = workspaces::filesOf;
  }

  /** Has what {@code other} has too. */
  public void keepAll(MemoryCheckpoints other) {
    kept.putAll(other.kept);
    contents.putAll(other.contents);
    names.putAll(other.names);
  }

  @Override
  public synchronized Taken take(String folder, Optional<TreeId> since) {
    trouble.ifPresent(reason -> {
      throw new EnvironmentException(reason);
    });
    return new Taken(keep(folders.apply(folder)), "");
  }

  /** Keeps a state that no folder has. */
  synchronized TreeId keep(Map<String, String> files) {
    Map<String, String> now = new TreeMap<>(files);
    TreeId tree = new TreeId(digest(now.toString()));
    kept.put(tree, now);
    now.values().forEach(text -> contents.put(digest(text), text));
    return tree;
  }

  private static String digest(String text) {
    return MemoryWorkspaces.digest(text.getBytes(StandardCharsets.UTF_8)).substring(0, 40);
  }

  @Override
  public synchronized List<PathChange> changes(TreeId before, TreeId after) {
    Map<String, String> old = tree(before);
    Map<String, String> now = tree(after);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(now.keySet());
    List<PathChange> changes = new ArrayList<>();
    for (String path : paths) {
      PathChange change = new PathChange(path, file(old, path), file(now, path));
      if (!change.before().equals(change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  synchronized Map<String, String> tree(TreeId id) {
    Map<String, String> tree = kept.get(id);
    if (tree == null) {
      throw new EnvironmentException("no such tree: " + id);
    }
    return tree;
  }

  private static Optional<Kept> file(Map<String, String> tree, String path) {
    return Optional.ofNullable(tree.get(path)).map(text -> new Kept(FileMode.PLAIN, digest(text)));
  }

  @Override
  public synchronized byte[] content(Kept file) {
    return contents.getOrDefault(file.digest(), "").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized Restored restore(String folder, TreeId tree, boolean dryRun) {
    Taken now = take(folder, Optional.of(tree));
    List<PathChange> changes = changes(now.tree(), tree);
    Map<String, String> files = folders.apply(folder);
    if (!dryRun) {
      files.keySet().retainAll(tree(tree).keySet());
      onRestore.run();
      files.putAll(tree(tree));
    }
    return new Restored(now.tree(), changes);
  }

  @Override
  public synchronized Restored restoreOnly(String folder, TreeId tree, Set<String> paths) {
    Taken now = take(folder, Optional.of(tree));
    List<PathChange> changes =
        changes(now.tree(), tree).stream().filter(c -> paths.contains(c.path())).toList();
    Map<String, String> files = folders.apply(folder);
    changes.forEach(change -> files.remove(change.path()));
    onRestore.run();
    changes.stream()
        .filter(change -> change.after().isPresent())
        .forEach(change -> files.put(change.path(), tree(tree).getOrDefault(change.path(), "")));
    return new Restored(now.tree(), changes);
  }

  @Override
  public void remember(String name, TreeId tree) {
    names.put(name, tree);
  }

  @Override
  public Optional<TreeId> remembered(String name) {
    return Optional.ofNullable(names.get(name));
  }
}
