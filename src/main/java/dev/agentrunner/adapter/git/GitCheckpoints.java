package dev.agentrunner.adapter.git;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.port.Checkpoints;
import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checkpoints as trees in a bare repository of our own, which any git can read. Takes bytes as they
 * are: no filters, no line endings. Safe for use by many threads.
 *
 * <pre>
 * checkpoints.git/
 * ├── objects/pack/         the files and folders
 * ├── refs/agent-runner/    what was remembered
 * └── stat/                 what need not be read again, a file for each folder
 * </pre>
 */
public final class GitCheckpoints implements Checkpoints {

  private final ObjectStore store;
  private final StatTables tables;
  private final InstantSource clock;
  private boolean tidied;

  /**
   * @param home the repository; made when something is first kept
   */
  public GitCheckpoints(Path home, InstantSource clock) {
    this.store = new ObjectStore(home);
    this.tables = new StatTables(home.resolve("stat"), System::nanoTime);
    this.clock = clock;
  }

  @Override
  public synchronized Taken take(String folder, Optional<TreeId> since) {
    try {
      Path real = real(folder);
      store.create();
      tidy();
      FolderScan scan =
          new FolderScan(
              store,
              UserRepository.around(real),
              tables.of(real),
              ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
      String tree = scan.tree(real, since.map(TreeId::hex));
      store.flush();
      tables.keep(real, scan.known());
      return new Taken(new TreeId(tree), scan.note());
    } catch (IOException e) {
      throw trouble("Cannot keep a checkpoint of " + folder, e);
    }
  }

  private void tidy() throws IOException {
    if (!tidied) {
      store.removeLeftOvers();
      tables.removeLeftOvers();
      tidied = true;
    }
  }

  private static Path real(String folder) throws IOException {
    Path path;
    try {
      path = Path.of(folder);
    } catch (InvalidPathException e) {
      throw new IOException("that cannot be a path here", e);
    }
    Path real = path.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new IOException("it is no folder");
    }
    return real;
  }

  private static EnvironmentException trouble(String what, IOException e) {
    String why =
        e instanceof java.nio.file.NoSuchFileException
            ? "there is no " + e.getMessage()
            : e instanceof java.nio.file.AccessDeniedException
                ? "permission denied at " + e.getMessage()
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new EnvironmentException(
        "%s: %s. Mend that, then go on; or do without, with checkpoints: off in the configuration."
            .formatted(what, why),
        e);
  }

  @Override
  public synchronized List<PathChange> changes(TreeId before, TreeId after) {
    try {
      return Delta.between(store, before.hex(), after.hex()).stream()
          .map(GitCheckpoints::change)
          .toList();
    } catch (IOException e) {
      throw trouble("Cannot compare checkpoints", e);
    }
  }

  private static PathChange change(Delta delta) {
    return new PathChange(
        RawName.shown(delta.raw()),
        delta.before().map(GitCheckpoints::kept),
        delta.after().map(GitCheckpoints::kept));
  }

  private static Kept kept(TreeEntry entry) {
    return new Kept(
        switch (entry.mode()) {
          case TreeEntry.LINK -> FileMode.LINK;
          case TreeEntry.EXECUTABLE -> FileMode.EXECUTABLE;
          default -> FileMode.PLAIN;
        },
        entry.id());
  }

  @Override
  public synchronized byte[] content(Kept file) {
    try {
      return store.read(file.digest());
    } catch (IOException e) {
      throw trouble("Cannot read a checkpoint", e);
    }
  }

  @Override
  public synchronized Restored restore(String folder, TreeId tree, boolean dryRun) {
    return restore(folder, tree, dryRun, delta -> true);
  }

  @Override
  public synchronized Restored restoreOnly(String folder, TreeId tree, Set<String> paths) {
    return restore(
        folder,
        tree,
        false,
        delta -> {
          String path = RawName.shown(delta.raw());
          return paths.contains(path) || (delta.after().isEmpty() && isAbove(path, paths));
        });
  }

  /** Whether one of {@code paths} lies below {@code path}, which can then be no file. */
  private static boolean isAbove(String path, Set<String> paths) {
    return paths.stream().anyMatch(other -> other.startsWith(path + "/"));
  }

  private Restored restore(String folder, TreeId tree, boolean dryRun, Predicate<Delta> meant) {
    Taken present = take(folder, Optional.of(tree));
    try {
      Path real = real(folder);
      List<Delta> deltas = new ArrayList<>();
      Past past = new Past(tree.hex(), UserRepository.around(real).ignores());
      for (Delta delta : Delta.between(store, present.tree().hex(), tree.hex())) {
        // What was ignored then was not kept, and may have been there all the same.
        if (meant.test(delta) && (delta.after().isPresent() || !past.ignored(delta.raw()))) {
          deltas.add(delta);
        }
      }
      if (!dryRun) {
        List<String> troubles = new FolderRestore(store, real).make(deltas);
        if (!troubles.isEmpty()) {
          throw new EnvironmentException(
              "Not all of %s could be put back. Mend this, and do it again:%n  %s"
                  .formatted(folder, String.join("\n  ", troubles)));
        }
      }
      return new Restored(present.tree(), deltas.stream().map(GitCheckpoints::change).toList());
    } catch (IOException e) {
      throw trouble("Cannot put back " + folder, e);
    }
  }

  /** What was ignored when a tree was taken, as far as its own ignore files say. */
  private final class Past {
    private final Map<String, Folder> folders = new HashMap<>();

    private record Folder(Map<String, TreeEntry> entries, Ignores ignores) {}

    Past(String tree, Ignores now) throws IOException {
      Map<String, TreeEntry> entries = TreeEntry.entries(store.read(tree));
      Optional<byte[]> own = file(entries);
      Ignores ignores =
          now.above().map(above -> above.in(now.name(), own)).orElse(Ignores.outermost(own));
      folders.put("", new Folder(entries, ignores));
    }

    boolean ignored(String raw) throws IOException {
      Folder at = folder("");
      int from = 0;
      for (int slash = raw.indexOf('/'); slash >= 0; slash = raw.indexOf('/', from)) {
        String name = raw.substring(from, slash);
        if (at.ignores.ignores(name, true)) {
          return true;
        }
        at = below(at, name, raw.substring(0, slash));
        from = slash + 1;
      }
      return at.ignores.ignores(raw.substring(from), false);
    }

    private Folder folder(String raw) {
      return folders.getOrDefault(raw, new Folder(Map.of(), Ignores.NONE));
    }

    private Folder below(Folder above, String name, String raw) throws IOException {
      Folder known = folders.get(raw);
      if (known != null) {
        return known;
      }
      TreeEntry entry = above.entries.get(name);
      Map<String, TreeEntry> entries =
          entry != null && entry.isFolder() ? TreeEntry.entries(store.read(entry.id())) : Map.of();
      Folder found = new Folder(entries, above.ignores.in(RawName.shown(name), file(entries)));
      folders.put(raw, found);
      return found;
    }

    private Optional<byte[]> file(Map<String, TreeEntry> entries) throws IOException {
      TreeEntry file = entries.get(Ignores.FILE);
      return file == null || file.isFolder() || file.mode() == TreeEntry.LINK
          ? Optional.empty()
          : Optional.of(store.read(file.id()));
    }
  }

  @Override
  public synchronized void remember(String name, TreeId tree) {
    try {
      store.create();
      store.remember(name, tree.hex());
    } catch (IOException e) {
      throw trouble("Cannot remember a checkpoint", e);
    }
  }

  @Override
  public synchronized Optional<TreeId> remembered(String name) {
    try {
      return store.remembered(name).map(TreeId::new);
    } catch (IOException e) {
      throw trouble("Cannot read a checkpoint", e);
    }
  }
}
