package dev.agentrunner.adapter.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/**
 * Two trees that began as one, put together: line by line where both changed the same file. What
 * does not fit is left for somebody to settle:
 *
 * <ul>
 *   <li>lines that both changed stand there twice, between the marks that git uses;
 *   <li>a file that one of them changed and the other removed is there as it was changed;
 *   <li>of a binary file, a link, or a file and a folder of one name, the first tree's is there.
 * </ul>
 */
final class TreeMerge {

  private static final List<String> SIDES = List.of("before", "merged meanwhile", "this task");

  private final ObjectStore store;
  private final TreeSet<String> conflicts = new TreeSet<>();

  TreeMerge(ObjectStore store) {
    this.store = store;
  }

  /**
   * What came of it.
   *
   * @param conflicts paths of what does not fit
   */
  record Merged(String tree, List<String> conflicts) {}

  /** What comes of both is durable on return. */
  Merged of(String base, String first, String second) throws IOException {
    Map<String, Delta> theirs = new HashMap<>();
    Delta.between(store, base, first).forEach(delta -> theirs.put(delta.raw(), delta));
    Map<String, Optional<TreeEntry>> changes = new TreeMap<>();
    for (Delta own : Delta.between(store, base, second)) {
      Delta other = theirs.get(own.raw());
      if (other == null) {
        changes.put(own.raw(), own.after());
      } else if (!other.after().equals(own.after())) {
        changes.put(own.raw(), both(own, other.after()));
      }
    }
    Map<String, TreeEntry> entries = applied(TreeEntry.entries(store.read(first)), "", changes);
    String tree = store.add(ObjectKind.TREE, TreeEntry.tree(entries));
    store.flush();
    return new Merged(tree, conflicts.stream().map(RawName::shown).toList());
  }

  private Optional<TreeEntry> both(Delta own, Optional<TreeEntry> other) throws IOException {
    if (own.after().isEmpty() || other.isEmpty()) {
      conflicts.add(own.raw());
      return own.after().or(() -> other);
    }
    TreeEntry mine = own.after().get();
    TreeEntry theirs = other.get();
    int mode =
        own.before().filter(old -> old.mode() == mine.mode()).isPresent()
            ? theirs.mode()
            : mine.mode();
    if (mine.id().equals(theirs.id()) && mine.mode() != TreeEntry.LINK) {
      return Optional.of(new TreeEntry(mode, mine.id()));
    }
    byte[] before =
        own.before().isPresent() && own.before().get().mode() != TreeEntry.LINK
            ? store.read(own.before().get().id())
            : new byte[0];
    byte[] first = store.read(theirs.id());
    byte[] second = store.read(mine.id());
    boolean lines =
        mine.mode() != TreeEntry.LINK
            && theirs.mode() != TreeEntry.LINK
            && !RawText.isBinary(first)
            && !RawText.isBinary(second);
    if (!lines) {
      conflicts.add(own.raw());
      return other;
    }
    MergeResult<RawText> result =
        new MergeAlgorithm(new HistogramDiff())
            .merge(
                RawTextComparator.DEFAULT,
                new RawText(before),
                new RawText(first),
                new RawText(second));
    if (result.containsConflicts()) {
      conflicts.add(own.raw());
    }
    var text = new ByteArrayOutputStream();
    new MergeFormatter().formatMerge(text, result, SIDES, StandardCharsets.UTF_8);
    return Optional.of(new TreeEntry(mode, store.add(ObjectKind.BLOB, text.toByteArray())));
  }

  /** The entries of a folder with other files in it, by their paths from there. */
  private Map<String, TreeEntry> applied(
      Map<String, TreeEntry> folder, String raw, Map<String, Optional<TreeEntry>> changes)
      throws IOException {
    Map<String, TreeEntry> entries = new LinkedHashMap<>(folder);
    Map<String, Map<String, Optional<TreeEntry>>> below = new TreeMap<>();
    List<String> coming = new ArrayList<>();
    changes.forEach((path, change) -> {
      int slash = path.indexOf('/');
      if (slash > 0) {
        below
            .computeIfAbsent(path.substring(0, slash), _ -> new TreeMap<>())
            .put(path.substring(slash + 1), change);
      } else if (change.isPresent()) {
        coming.add(path);
      } else {
        entries.remove(path);
      }
    });
    // What goes, goes first, as a folder may come in its place, or the other way round.
    for (Map.Entry<String, Map<String, Optional<TreeEntry>>> one : below.entrySet()) {
      applyBelow(entries, raw, one.getKey(), one.getValue());
    }
    for (String name : coming) {
      TreeEntry there = entries.get(name);
      if (there != null && there.isFolder()) {
        conflicts.add(raw + name);
      } else {
        changes.getOrDefault(name, Optional.empty()).ifPresent(entry -> entries.put(name, entry));
      }
    }
    return entries;
  }

  private void applyBelow(
      Map<String, TreeEntry> entries,
      String raw,
      String name,
      Map<String, Optional<TreeEntry>> changes)
      throws IOException {
    TreeEntry there = entries.get(name);
    if (there != null && !there.isFolder()) {
      changes.forEach((path, change) -> {
        if (change.isPresent()) {
          conflicts.add(raw + name + "/" + path);
        }
      });
      return;
    }
    Map<String, TreeEntry> inside =
        applied(
            there == null ? Map.of() : TreeEntry.entries(store.read(there.id())),
            raw + name + "/",
            changes);
    if (inside.isEmpty()) {
      entries.remove(name);
    } else {
      String id = store.add(ObjectKind.TREE, TreeEntry.tree(inside));
      entries.put(name, new TreeEntry(TreeEntry.FOLDER, id));
    }
  }
}
