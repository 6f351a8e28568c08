package dev.agentrunner.adapter.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and folders that only their owner can see, where the system knows owners, and that
 * are there after a power cut.
 */
final class PrivateFiles {

  private static final int PIECE_BYTES = 1 << 16;

  /**
   * What some file systems answer when asked to make a folder durable; they do it by themselves.
   */
  private static final Set<String> NOT_FOR_FOLDERS =
      Set.of("Invalid argument", "Bad file descriptor");

  private PrivateFiles() {}

  static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), owner(file, "rw-------"));
  }

  /** Makes {@code folder} and whatever is missing above it. */
  static void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      createFolder(above);
    }
    try {
      Files.createDirectory(folder, owner(folder, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (above != null) {
      syncFolder(above);
    }
  }

  /**
   * Puts {@code content} in place of whatever {@code file} was, or of nothing: a reader, and
   * whoever comes after a crash, finds the old content or the new.
   *
   * @param temporary where it is written first: on the same file system, and nobody else's
   */
  static void replace(Path file, byte[] content, Path temporary) throws IOException {
    replace(file, temporary, out -> out.write(content));
  }

  /** What is written piece by piece, as it may be large. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The same with a content that is never held as a whole. */
  static void replace(Path file, Path temporary, Content content) throws IOException {
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), PIECE_BYTES);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(above(file));
  }

  /** Removes what {@code folder} has that was being written when its writer died. */
  static void removeTemporary(Path folder) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing was ever kept.
    } catch (IOException e) {
      throw DiskTrouble.cannot("clean", folder, e);
    }
  }

  /** The folder that {@code file} is in. */
  static Path above(Path file) {
    return file.toAbsolutePath().resolveSibling("");
  }

  /** Makes durable which files {@code folder} has. */
  static void syncFolder(Path folder) throws IOException {
    if (!isPosix(folder)) {
      return; // Windows does not open folders, and needs no such thing.
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (!NOT_FOR_FOLDERS.contains(String.valueOf(e.getMessage()))) {
        throw e;
      }
    }
  }

  private static FileAttribute<?>[] owner(Path file, String permissions) {
    return isPosix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
