package dev.agentrunner.adapter.files;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A folder held open. Whoever renames or swaps it, or a folder above, meanwhile changes nothing:
 * each name is looked up in what was opened, and no link is ever followed.
 *
 * <p>One thing the JDK cannot do is open without waiting. So what a name stands for is looked at
 * before it is opened, and a pipe is never opened; only one that takes a file's place within those
 * microseconds would make the opening wait for a writer.
 */
final class OpenFolder implements AutoCloseable {

  /** What is about to take another's place is called this and 16 hex digits. */
  private static final String TEMPORARY = ".agent-runner-new-";

  private final Path path;
  private final SecureDirectoryStream<Path> stream;

  private OpenFolder(Path path, SecureDirectoryStream<Path> stream) {
    this.path = path;
    this.stream = stream;
  }

  /**
   * Opens the folder at {@code root}, which is trusted to be where it is.
   *
   * @throws EnvironmentException if it is gone or cannot be opened
   */
  @SuppressWarnings("StreamResourceLeak") // closed with the folder that holds it
  static OpenFolder root(Path root) {
    DirectoryStream<Path> stream;
    try {
      stream = Files.newDirectoryStream(root);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot open the task's folder %s: %s; see that it is there and to its permissions"
              .formatted(root, Words.of(e)),
          e);
    }
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new OpenFolder(root, secure);
    }
    throw new EnvironmentException(
        root + ": on this system an agent cannot be kept within a folder; use Linux or macOS");
  }

  /** Opens the folder called {@code name} in this one; fails if it is none, or a link. */
  OpenFolder enter(Path name) throws IOException {
    return new OpenFolder(
        path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
  }

  /** What {@code name} stands for, links not followed; empty if there is nothing of that name. */
  Optional<PosixFileAttributes> look(Path name) throws IOException {
    try {
      return Optional.of(view(name).readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Where the link called {@code name} leads, as it is written. The one lookup that goes by path:
   * what it returns may come from elsewhere and must go through all checks again.
   */
  String target(Path name) throws IOException {
    return Files.readSymbolicLink(path.resolve(name)).toString();
  }

  /** The first {@code max} bytes of a file that was looked at before. */
  byte[] read(Path name, int max) throws IOException {
    var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = stream.newByteChannel(name, options)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(channel.size() + 1, max));
      while (channel.read(buffer) >= 0) {
        if (!buffer.hasRemaining()) {
          if (buffer.capacity() == max) {
            break;
          }
          buffer =
              ByteBuffer.allocate((int) Math.min(2L * buffer.capacity(), max)).put(buffer.flip());
        }
      }
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      return bytes;
    }
  }

  /** Names in this folder, in no order. Can be asked for once. */
  Iterable<Path> names() {
    return stream;
  }

  /**
   * Puts a file with {@code content} in the place of {@code name} in {@code holder}, a folder below
   * this one. The new file is prepared here, where a leftover of a crash is found again, or in
   * {@code holder} if that is on another file system.
   *
   * @param traits of the file whose place it takes; empty if there is none
   * @throws EnvironmentException if it cannot be prepared: disk full, file system not writable
   */
  void replace(OpenFolder holder, Path name, byte[] content, Optional<FileTraits> traits)
      throws IOException {
    Path fresh = prepare(content, traits);
    try {
      stream.move(fresh, holder.stream, name);
    } catch (AtomicMoveNotSupportedException e) {
      drop(fresh);
      if (holder == this) {
        throw e;
      }
      holder.replace(holder, name, content, traits);
    } catch (IOException e) {
      drop(fresh);
      throw e;
    }
  }

  private Path prepare(byte[] content, Optional<FileTraits> traits) {
    Path fresh = temporary();
    FileAttribute<?>[] mode =
        traits
            .map(
                t -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(t.permissions())})
            .orElse(new FileAttribute<?>[0]);
    var options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      try (SeekableByteChannel channel = stream.newByteChannel(fresh, options, mode)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        // Costs little beside a task; without it a power cut after the rename can leave an empty
        // file.
        if (channel instanceof FileChannel file) {
          file.force(false);
        }
      }
      if (traits.isPresent()) {
        give(fresh, traits.get());
      }
      return fresh;
    } catch (IOException e) {
      drop(fresh);
      throw new EnvironmentException("cannot write in " + path + ": " + Words.of(e), e);
    }
  }

  private void give(Path fresh, FileTraits traits) throws IOException {
    PosixFileAttributeView view = view(fresh);
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.owner().equals(traits.owner())) {
        view.setOwner(traits.owner());
      }
      if (!now.group().equals(traits.group())) {
        view.setGroup(traits.group());
      }
    } catch (IOException e) {
      // Only root can give files away; as anybody else, whoever writes a file owns it.
    }
    if (!now.permissions().equals(traits.permissions())) {
      view.setPermissions(traits.permissions());
    }
  }

  /** Removes the file called {@code name}; fails if it is a folder by now. */
  void remove(Path name) throws IOException {
    stream.deleteFile(name);
  }

  /**
   * Gives what is called {@code name} another name in {@code to}, a folder on the same file system.
   */
  void move(Path name, OpenFolder to, Path fresh) throws IOException {
    stream.move(name, to.stream, fresh);
  }

  /** Makes the folder {@code name} in {@code holder}, a folder below this root. */
  void makeFolder(OpenFolder holder, Path name) throws IOException {
    // The JDK has no mkdirat, but it has renameat: made in the root, which is trusted, then moved.
    Path fresh = temporary();
    Files.createDirectory(path.resolve(fresh));
    try {
      stream.move(fresh, holder.stream, name);
    } catch (IOException e) {
      drop(fresh);
      throw e;
    }
  }

  /** Removes what a crash has left of {@link #replace} and {@link #makeFolder}. */
  void sweep() {
    try {
      for (Path entry : stream) {
        Path name = entry.getFileName();
        if (name.toString().startsWith(TEMPORARY)) {
          drop(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new EnvironmentException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Nothing was written through it, so nothing can be lost.
    }
  }

  private PosixFileAttributeView view(Path name) {
    return stream.getFileAttributeView(
        name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void drop(Path name) {
    try {
      if (look(name).filter(PosixFileAttributes::isDirectory).isPresent()) {
        stream.deleteDirectory(name);
      } else {
        stream.deleteFile(name);
      }
    } catch (IOException e) {
      // It was never made, or the next sweep removes it.
    }
  }

  private static Path temporary() {
    return Path.of(TEMPORARY + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
  }
}
