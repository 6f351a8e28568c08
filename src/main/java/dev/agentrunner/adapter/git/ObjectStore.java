package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bare repository of our own that any git can read. What is added together becomes one pack,
 * which costs the disk two rounds: one for the pack, one for its name. JGit would write the same,
 * but takes longer to load than a checkpoint takes to make, and does not wait for the disk.
 *
 * <p>Nothing is ever removed: what is named in a log must be there. Several processes may use it at
 * once.
 */
final class ObjectStore {

  /** A pack is held in memory until it is written. */
  private static final int PACK_BYTES_MAX = 32 << 20;

  /** Once there are so many small packs, they become one. */
  private static final int PACKS_MAX = 64;

  private static final int SMALL_PACK_BYTES = 1 << 20;

  private static final Pattern TEMPORARY = Pattern.compile("tmp_(\\d{1,18})_.*");

  private static final String CONFIG =
      """
      [core]
      	repositoryformatversion = 0
      	filemode = true
      	bare = true
      	autocrlf = false
      [gc]
      	auto = 0
      	pruneExpire = never
      """;

  private final Path home;
  private final List<PackFile> packs = new ArrayList<>();
  private PackWriter coming = new PackWriter();
  private boolean opened;

  /**
   * @param home the repository, made when something is first kept
   */
  ObjectStore(Path home) {
    this.home = home;
  }

  private Path folder() {
    return home.resolve("objects/pack");
  }

  /** Makes the repository, if there is none. */
  void create() throws IOException {
    if (!Files.isDirectory(home)) {
      Path above = home.toAbsolutePath().resolveSibling("");
      Files.createDirectories(above);
      if (home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(home);
      }
      syncFolder(above);
    }
    if (!Files.exists(home.resolve("HEAD"))) {
      Files.createDirectories(folder());
      Files.createDirectories(home.resolve("refs/heads"));
      Files.writeString(home.resolve("config"), CONFIG);
      Files.writeString(home.resolve("HEAD"), "ref: refs/heads/main\n");
      syncFolder(folder().resolveSibling(""));
      syncFolder(home);
    }
  }

  /** Removes what others were writing when they were killed. */
  void removeLeftOvers() throws IOException {
    OwnFiles.removeLeft(folder(), TEMPORARY);
  }

  /** Adds an object, unless it is there; durable after {@link #flush}. Returns its name. */
  String add(ObjectKind kind, byte[] content) throws IOException {
    String id = PackWriter.name(kind, content);
    if (coming.has(id) || find(id).isPresent()) {
      return id;
    }
    if (!coming.isEmpty() && coming.size() + content.length > PACK_BYTES_MAX) {
      flush();
    }
    coming.add(id, kind, content);
    return id;
  }

  /** Makes durable what was added. */
  void flush() throws IOException {
    if (coming.isEmpty()) {
      return;
    }
    write(coming);
    coming = new PackWriter();
    if (packs.size() > PACKS_MAX) {
      gather();
    }
  }

  private void write(PackWriter objects) throws IOException {
    byte[] pack = objects.pack();
    byte[] index = PackWriter.index(pack, objects.offsets());
    String name = HexFormat.of().formatHex(pack, pack.length - 20, pack.length);
    Path file = folder().resolve("pack-" + name + ".pack");
    Path temporary = folder().resolve(OwnFiles.name("tmp_%s_") + name);
    // The index may come to nothing in a crash: it can be made again from the pack.
    writeNew(temporary, pack, true);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    writeNew(temporary, index, false);
    Files.move(temporary, PackFile.index(file), StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folder());
    packs.add(new PackFile(file, index));
  }

  /** Makes one pack of the small ones, so that there are never too many to look through. */
  private void gather() throws IOException {
    PackWriter all = new PackWriter();
    List<PackFile> gathered = new ArrayList<>();
    for (PackFile pack : packs) {
      if (Files.size(pack.file()) < SMALL_PACK_BYTES && all.size() < PACK_BYTES_MAX) {
        pack.copyTo(all);
        gathered.add(pack);
      }
    }
    if (gathered.size() < PACKS_MAX / 2) {
      return;
    }
    write(all);
    PackFile one = packs.getLast();
    for (PackFile pack : gathered) {
      if (!pack.file().equals(one.file())) {
        packs.remove(pack);
        Files.deleteIfExists(PackFile.index(pack.file()));
        Files.deleteIfExists(pack.file());
      }
    }
  }

  /** The content of an object. */
  byte[] read(String id) throws IOException {
    Optional<PackFile> pack = find(id);
    if (pack.isPresent()) {
      try {
        return pack.get().read(id);
      } catch (NoSuchFileException e) {
        // Another process has made one pack of several.
      }
    }
    opened = false;
    return find(id)
        .orElseThrow(() ->
            new IOException("%s is not in %s; was something deleted there?".formatted(id, home)))
        .read(id);
  }

  private Optional<PackFile> find(String id) throws IOException {
    if (!opened) {
      packs.clear();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), "*.pack")) {
        for (Path file : files) {
          packs.add(PackFile.open(file));
        }
      } catch (NoSuchFileException e) {
        // Nothing was ever kept.
      }
      opened = true;
    }
    // What is looked for was mostly written last.
    return packs.reversed().stream().filter(pack -> pack.has(id)).findFirst();
  }

  /** Puts a name to an object, in place of the one that had it. */
  void remember(String name, String id) throws IOException {
    Path ref = ref(name);
    Files.createDirectories(ref.resolveSibling(""));
    Path temporary = ref.resolveSibling(ref.getFileName() + ".lock");
    Files.deleteIfExists(temporary);
    writeNew(temporary, (id + "\n").getBytes(StandardCharsets.US_ASCII), true);
    Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(ref.resolveSibling(""));
  }

  Optional<String> remembered(String name) throws IOException {
    try {
      return Optional.of(Files.readString(ref(name)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path ref(String name) {
    return home.resolve("refs/agent-runner").resolve(name);
  }

  static void writeNew(Path file, byte[] content, boolean durably) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      if (durably) {
        out.force(true);
      }
    }
  }

  /** Makes durable which files a folder has, where the system knows of such a thing. */
  static void syncFolder(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      // What some file systems answer, which do it by themselves.
      if (!reason.equals("Invalid argument") && !reason.equals("Bad file descriptor")) {
        throw e;
      }
    }
  }
}
