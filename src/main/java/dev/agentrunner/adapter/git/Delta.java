package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A file that differs between two trees.
 *
 * @param raw its path
 * @param before empty if there was none
 * @param after empty if there is none
 */
record Delta(String raw, Optional<TreeEntry> before, Optional<TreeEntry> after) {

  /** What differs, by path. */
  static List<Delta> between(ObjectStore store, String before, String after) throws IOException {
    List<Delta> deltas = new ArrayList<>();
    compare(store, "", tree(before), tree(after), deltas);
    return deltas;
  }

  private static Optional<TreeEntry> tree(String id) {
    return Optional.of(new TreeEntry(TreeEntry.FOLDER, id));
  }

  /** Compares what is called {@code raw} in one tree and in the other. */
  private static void compare(
      ObjectStore store,
      String raw,
      Optional<TreeEntry> before,
      Optional<TreeEntry> after,
      List<Delta> into)
      throws IOException {
    if (before.equals(after)) {
      return;
    }
    Optional<TreeEntry> oldFile = before.filter(entry -> !entry.isFolder());
    Optional<TreeEntry> newFile = after.filter(entry -> !entry.isFolder());
    if (oldFile.isPresent() || newFile.isPresent()) {
      into.add(new Delta(raw, oldFile, newFile));
    }
    Map<String, TreeEntry> old = entries(store, before);
    Map<String, TreeEntry> now = entries(store, after);
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      compare(
          store,
          raw.isEmpty() ? name : raw + "/" + name,
          Optional.ofNullable(old.get(name)),
          Optional.ofNullable(now.get(name)),
          into);
    }
  }

  private static Map<String, TreeEntry> entries(ObjectStore store, Optional<TreeEntry> tree)
      throws IOException {
    return tree.isPresent() && tree.get().isFolder()
        ? TreeEntry.entries(store.read(tree.get().id()))
        : Map.of();
  }
}
