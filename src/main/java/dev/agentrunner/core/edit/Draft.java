package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files as they are to become, while edits are tried one after the other. */
final class Draft {

  /**
   * What a path is to hold.
   *
   * @param content empty if the file goes
   * @param origin the path whose file this was; empty if it is a new one
   */
  private record Entry(
      Optional<byte[]> content, Optional<String> origin, Optional<FileMode> mode) {}

  private final FileView files;
  private final Map<String, Optional<byte[]>> originals = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  Draft(FileView files) {
    this.files = files;
  }

  /** What the edits so far leave at {@code path}. */
  Optional<byte[]> now(String path) {
    return entry(path).content();
  }

  /** What was at {@code path} before all edits. */
  Optional<byte[]> original(String path) {
    return originals.computeIfAbsent(path, files::read);
  }

  private Entry entry(String path) {
    Entry entry = entries.get(path);
    if (entry != null) {
      return entry;
    }
    Optional<byte[]> original = original(path);
    return new Entry(original, original.map(content -> path), Optional.empty());
  }

  /** Whether what {@code path} holds now is another file than the one it held at first. */
  boolean taken(String path) {
    Entry entry = entry(path);
    return original(path).isPresent()
        && entry.content().isPresent()
        && !entry.origin().equals(Optional.of(path));
  }

  void write(String path, byte[] content, Optional<FileMode> mode) {
    Entry old = entry(path);
    Optional<String> origin = old.content().isPresent() ? old.origin() : Optional.empty();
    entries.put(path, new Entry(Optional.of(content), origin, mode.or(old::mode)));
  }

  /** Puts a file that has nothing to do with the one there before, if there was one. */
  void create(String path, byte[] content, Optional<FileMode> mode) {
    entries.put(path, new Entry(Optional.of(content), Optional.empty(), mode));
  }

  void delete(String path) {
    entries.put(path, new Entry(Optional.empty(), Optional.of(path), Optional.empty()));
  }

  /** Gives what is at {@code from} now another name and content. */
  void move(String from, String to, byte[] content, Optional<FileMode> mode) {
    Entry old = entry(from);
    delete(from);
    entries.put(to, new Entry(Optional.of(content), old.origin(), mode.or(old::mode)));
  }

  /** Gives what was at {@code from} at first another name; something else is there by now. */
  void moveOriginal(String from, String to, byte[] content, Optional<FileMode> mode) {
    entries.put(to, new Entry(Optional.of(content), Optional.of(from), mode));
  }

  /** Rewrites first, then moves, then deletions, but for what stands in the way of a new folder. */
  List<Change> changes() {
    List<Change> written = new ArrayList<>();
    List<Change> moved = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    entries.forEach((path, entry) ->
        entry
            .content()
            .ifPresent(content -> {
              Optional<String> source =
                  entry.origin().filter(from -> movesAway(from, path) && sources.add(from));
              if (source.isPresent()) {
                moved.add(moved(source.get(), path, content, entry.mode()));
              } else if (differs(path, content) || entry.mode().isPresent()) {
                written.add(new Change.Written(path, original(path), content, entry.mode()));
              }
            }));
    List<Change> result = new ArrayList<>();
    List<Change> deleted = new ArrayList<>();
    entries.forEach((path, entry) -> {
      if (entry.content().isEmpty() && !sources.contains(path)) {
        boolean inTheWay =
            written.stream().anyMatch(change -> change.path().startsWith(path + "/"))
                || moved.stream().anyMatch(change -> change.path().startsWith(path + "/"));
        original(path)
            .ifPresent(
                content -> (inTheWay ? result : deleted).add(new Change.Deleted(path, content)));
      }
    });
    result.addAll(written);
    result.addAll(moved);
    result.addAll(deleted);
    return result;
  }

  private Change moved(String from, String to, byte[] content, Optional<FileMode> mode) {
    return new Change.Moved(from, to, original(from).orElseThrow(), original(to), content, mode);
  }

  private boolean movesAway(String from, String to) {
    return !from.equals(to)
        && !to.startsWith(from + "/")
        && original(from).isPresent()
        && entry(from).content().isEmpty();
  }

  private boolean differs(String path, byte[] content) {
    return original(path).map(old -> !Arrays.equals(old, content)).orElse(true);
  }
}
