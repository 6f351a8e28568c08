package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One walk through a folder, from which comes the tree it is. */
final class FolderScan {

  static final long FILE_BYTES_MAX = 32L << 20;

  private static final int NOTES_MAX = 20;

  private final ObjectStore store;
  private final UserRepository repository;
  private final StatTable before;
  private final StatTable now = new StatTable();
  private final long startMicros;
  private final List<String> notes = new ArrayList<>();
  private int unnoted;

  /**
   * @param before what is known from an earlier walk
   * @param startMicros the time now, since the epoch
   */
  FolderScan(ObjectStore store, UserRepository repository, StatTable before, long startMicros) {
    this.store = store;
    this.repository = repository;
    this.before = before;
    this.startMicros = startMicros;
  }

  /** What is known now. */
  StatTable known() {
    return now;
  }

  /** What was left out though it is not ignored, a line each. */
  String note() {
    return String.join("\n", notes)
        + (unnoted == 0 ? "" : "\n... and %d more like these".formatted(unnoted));
  }

  private void leaveOut(String raw, String why) {
    if (notes.size() < NOTES_MAX) {
      notes.add(RawName.shown(raw) + ": " + why);
    } else {
      unnoted++;
    }
  }

  /** Adds what is in the folder to the store and returns the name of its tree. */
  String tree(Path folder, Optional<String> since) throws IOException {
    Place root = new Place(folder, "", repository.ignores(), new Listing(since), false);
    return add(root, entries(root));
  }

  /**
   * A folder on the way.
   *
   * @param raw its path from the first one, with a slash at the end; empty for that
   * @param since what was in it
   * @param ignored whether it is, and holds only what is kept all the same
   */
  private record Place(Path folder, String raw, Ignores ignores, Listing since, boolean ignored) {}

  /** The entries of a folder in an earlier tree, read when somebody asks. */
  private final class Listing {
    private final Optional<Listing> above;
    private final String name;
    private Optional<String> tree;
    private Map<String, TreeEntry> entries = Map.of();
    private boolean read;

    Listing(Optional<String> tree) {
      this(Optional.empty(), "", tree);
    }

    private Listing(Optional<Listing> above, String name, Optional<String> tree) {
      this.above = above;
      this.name = name;
      this.tree = tree;
    }

    Listing in(String folder) {
      return new Listing(Optional.of(this), folder, Optional.empty());
    }

    Optional<TreeEntry> entry(String wanted) throws IOException {
      if (!read) {
        read = true;
        if (above.isPresent()) {
          tree = above.get().entry(name).filter(TreeEntry::isFolder).map(TreeEntry::id);
        }
        entries = tree.isPresent() ? TreeEntry.entries(store.read(tree.get())) : Map.of();
      }
      return Optional.ofNullable(entries.get(wanted));
    }
  }

  private String add(Place place, Map<String, TreeEntry> entries) throws IOException {
    byte[] tree = TreeEntry.tree(entries);
    String id = PackWriter.name(ObjectKind.TREE, tree);
    if (!before.tree(place.raw).equals(Optional.of(id))) {
      store.add(ObjectKind.TREE, tree);
    }
    now.addTree(place.raw, id);
    return id;
  }

  private Map<String, TreeEntry> entries(Place place) throws IOException {
    Map<String, TreeEntry> entries = new HashMap<>();
    for (Path file : list(place)) {
      String name = RawName.of(file);
      if (!name.equalsIgnoreCase(".git") && !name.equals(".agent-runner")) {
        entry(place, file, name).ifPresent(entry -> entries.put(name, entry));
      }
    }
    return entries;
  }

  private List<Path> list(Place place) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place.folder)) {
      files.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      leaveOut(place.raw, "cannot be listed: " + e.getMessage());
    } catch (IOException e) {
      if (place.raw.isEmpty()) {
        throw e;
      }
      leaveOut(place.raw, "cannot be listed: " + reason(e));
    }
    return found;
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  private Optional<TreeEntry> entry(Place place, Path file, String name) throws IOException {
    Stat stat;
    try {
      stat = Stat.of(file);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (stat.mode() == 0) {
      return Optional.empty(); // A pipe, a socket or a device: git leaves them out too.
    }
    String raw = place.raw + name;
    boolean ignored = place.ignored || place.ignores.ignores(name, stat.isFolder());
    if (ignored && place.since.entry(name).isEmpty() && !repository.tracks(raw)) {
      return Optional.empty();
    }
    return stat.isFolder() ? folder(place, file, name, ignored) : file(file, raw, stat);
  }

  private Optional<TreeEntry> folder(Place above, Path folder, String name, boolean ignored)
      throws IOException {
    String raw = above.raw + name + "/";
    if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
      leaveOut(raw, "a repository of its own");
      return Optional.empty();
    }
    Place place =
        new Place(
            folder,
            raw,
            above.ignores.in(
                RawName.shown(name), UserRepository.file(folder.resolve(Ignores.FILE))),
            above.since.in(name),
            ignored);
    Map<String, TreeEntry> entries = entries(place);
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(new TreeEntry(TreeEntry.FOLDER, add(place, entries)));
  }

  private Optional<TreeEntry> file(Path file, String raw, Stat stat) throws IOException {
    Optional<String> known = before.file(raw, stat);
    if (known.isPresent()) {
      now.add(raw, stat, known.get(), startMicros);
      return known.map(id -> new TreeEntry(stat.mode(), id));
    }
    if (stat.bytes() > FILE_BYTES_MAX) {
      leaveOut(raw, "larger than %d MiB".formatted(FILE_BYTES_MAX >> 20));
      return Optional.empty();
    }
    byte[] content;
    try {
      content = stat.mode() == TreeEntry.LINK ? link(file) : content(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      leaveOut(raw, "cannot be read: " + reason(e));
      return Optional.empty();
    }
    String id = store.add(ObjectKind.BLOB, content);
    now.add(raw, stat, id, startMicros);
    return Optional.of(new TreeEntry(stat.mode(), id));
  }

  private static byte[] link(Path file) throws IOException {
    return RawName.ofTarget(Files.readSymbolicLink(file)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes((int) FILE_BYTES_MAX);
    }
  }
}
