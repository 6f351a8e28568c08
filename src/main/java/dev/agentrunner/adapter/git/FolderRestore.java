package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Puts files of a folder back, one after the other, each as a whole. Follows no link on the way.
 */
final class FolderRestore {

  /** Where a file is made before it takes its place; one that a crash left is a new file. */
  private static final String TEMPORARY = ".agent-runner-restoring";

  private final ObjectStore store;
  private final Path root;
  private final Set<Path> touched = new HashSet<>();
  private final List<String> troubles = new ArrayList<>();

  FolderRestore(ObjectStore store, Path root) {
    this.store = store;
    this.root = root;
  }

  /** Something done to a file. */
  private interface Act {
    void perform(Path file) throws IOException;
  }

  /** Makes the changes and returns what could not be made, a line each. */
  List<String> make(List<Delta> deltas) {
    List<Delta> gone = deltas.stream().filter(delta -> delta.after().isEmpty()).toList();
    // What goes, goes first, as a folder may come in its place; what is empty then, goes last, as
    // something may come into it.
    gone.forEach(delta -> attempt(delta.raw(), Files::deleteIfExists));
    for (Delta delta : deltas) {
      delta
          .after()
          .ifPresent(entry -> attempt(delta.raw(), file -> put(file, delta.before(), entry)));
    }
    gone.forEach(delta -> prune(delta.raw()));
    for (Path folder : touched) {
      try {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          ObjectStore.syncFolder(folder);
        }
      } catch (IOException e) {
        troubles.add(folder + ": " + reason(e));
      }
    }
    return troubles;
  }

  private void attempt(String raw, Act act) {
    try {
      Path folder = root;
      List<String> names = names(raw);
      for (String name : names.subList(0, names.size() - 1)) {
        folder = RawName.in(folder, name);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
            && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "what should be a folder is none: "
                  + RawName.shown(raw.substring(0, raw.lastIndexOf('/'))));
        }
      }
      act.perform(RawName.in(folder, names.getLast()));
      touched.add(folder);
    } catch (IOException e) {
      troubles.add(RawName.shown(raw) + ": " + reason(e));
    }
  }

  private static List<String> names(String raw) throws IOException {
    List<String> names = List.of(raw.split("/", -1));
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (Set.of("", ".", "..", ".git", ".agent-runner").contains(lower)
          || name.indexOf('\0') >= 0) {
        throw new IOException("not a name that a checkpoint can have");
      }
    }
    return names;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case DirectoryNotEmptyException _ -> "a folder with ignored files is in its place";
      case java.nio.file.FileSystemException failure when failure.getReason() != null ->
          failure.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private void put(Path file, Optional<TreeEntry> now, TreeEntry then) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      deleteEmpty(file);
    }
    boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (plain && now.map(TreeEntry::id).equals(Optional.of(then.id())) && isFile(now.get())) {
      setRuns(file, then);
      return;
    }
    Path temporary = file.resolveSibling(TEMPORARY);
    Files.deleteIfExists(temporary);
    byte[] content = store.read(then.id());
    if (then.mode() == TreeEntry.LINK) {
      Files.createSymbolicLink(
          temporary, RawName.target(new String(content, StandardCharsets.ISO_8859_1)));
    } else {
      ObjectStore.writeNew(temporary, content, true);
      if (plain && hasModes(file)) {
        Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(file));
      }
      setRuns(temporary, then);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isFile(TreeEntry entry) {
    return entry.mode() == TreeEntry.PLAIN || entry.mode() == TreeEntry.EXECUTABLE;
  }

  private static boolean hasModes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void setRuns(Path file, TreeEntry then) throws IOException {
    if (!hasModes(file)) {
      return;
    }
    Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
    boolean runs = modes.contains(PosixFilePermission.OWNER_EXECUTE);
    if (runs == (then.mode() == TreeEntry.EXECUTABLE)) {
      return;
    }
    modes.removeAll(
        Set.of(
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_EXECUTE));
    if (!runs) {
      modes.add(PosixFilePermission.OWNER_EXECUTE);
      // As git does: who may read it, may run it.
      if (modes.contains(PosixFilePermission.GROUP_READ)) {
        modes.add(PosixFilePermission.GROUP_EXECUTE);
      }
      if (modes.contains(PosixFilePermission.OTHERS_READ)) {
        modes.add(PosixFilePermission.OTHERS_EXECUTE);
      }
    }
    Files.setPosixFilePermissions(file, modes);
  }

  /** Folders with nothing in them are not kept: those left by what was put back give way. */
  private static void deleteEmpty(Path folder) throws IOException {
    try (var inside = Files.newDirectoryStream(folder)) {
      for (Path one : inside) {
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
          deleteEmpty(one);
        }
      }
    }
    Files.delete(folder);
  }

  private void prune(String raw) {
    int slash = raw.lastIndexOf('/');
    while (slash > 0) {
      Path folder = RawName.in(root, raw.substring(0, slash));
      try {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(folder);
        }
      } catch (IOException e) {
        return; // Something is left in it.
      }
      slash = raw.lastIndexOf('/', slash - 1);
    }
  }
}
