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

/** Checkpoints of the one folder that {@link MemoryWorkspaces} has. */
public final class MemoryCheckpoints implements Checkpoints {

  private final Map<String, String> files;
  private final Map<TreeId, Map<String, String>> kept = new HashMap<>();
  private final Map<String, String> contents = new HashMap<>();
  private final Map<String, TreeId> names = new HashMap<>();

  /** Why nothing can be kept, if so. */
  public Optional<String> trouble = Optional.empty();

  /** Happens half way through putting files back. */
  public Runnable onRestore = () -> {};

  public MemoryCheckpoints(Map<String, String> files) {
    this.files = files;
  }

  /** Has what {@code other} has too. */
  public void keepAll(MemoryCheckpoints other) {
    kept.putAll(other.kept);
    contents.putAll(other.contents);
    names.putAll(other.names);
  }

  @Override
  public Taken take(String folder, Optional<TreeId> since) {
    trouble.ifPresent(reason -> {
      throw new EnvironmentException(reason);
    });
    Map<String, String> now = new TreeMap<>(files);
    TreeId tree = new TreeId(digest(now.toString()));
    kept.put(tree, now);
    now.values().forEach(text -> contents.put(digest(text), text));
    return new Taken(tree, "");
  }

  private static String digest(String text) {
    return MemoryWorkspaces.digest(text.getBytes(StandardCharsets.UTF_8)).substring(0, 40);
  }

  @Override
  public List<PathChange> changes(TreeId before, TreeId after) {
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

  private Map<String, String> tree(TreeId id) {
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
  public byte[] content(Kept file) {
    return contents.getOrDefault(file.digest(), "").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Restored restore(String folder, TreeId tree, boolean dryRun) {
    Taken now = take(folder, Optional.of(tree));
    List<PathChange> changes = changes(now.tree(), tree);
    if (!dryRun) {
      files.keySet().retainAll(tree(tree).keySet());
      onRestore.run();
      files.putAll(tree(tree));
    }
    return new Restored(now.tree(), changes);
  }

  @Override
  public Restored restoreOnly(String folder, TreeId tree, Set<String> paths) {
    Taken now = take(folder, Optional.of(tree));
    List<PathChange> changes =
        changes(now.tree(), tree).stream().filter(c -> paths.contains(c.path())).toList();
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
