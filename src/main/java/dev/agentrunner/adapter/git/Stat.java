package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the system tells of a file without opening it. Equal ones speak of the same content, if
 * their times are not too fresh.
 *
 * @param mode as in a {@link TreeEntry}; 0 for pipes, sockets and devices
 */
record Stat(int mode, long inode, long bytes, long modifiedMicros, long changedMicros) {

  private static final int KIND = 0170000;
  private static final int REGULAR = 0100000;
  private static final int OWNER_RUNS = 0100;

  static Stat of(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return basic(file);
    }
    Map<String, Object> found =
        Files.readAttributes(
            file, "unix:mode,ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    int mode = found.get("mode") instanceof Integer bits ? bits : 0;
    return new Stat(
        switch (mode & KIND) {
          case TreeEntry.FOLDER -> TreeEntry.FOLDER;
          case TreeEntry.LINK -> TreeEntry.LINK;
          case REGULAR -> (mode & OWNER_RUNS) != 0 ? TreeEntry.EXECUTABLE : TreeEntry.PLAIN;
          default -> 0;
        },
        found.get("ino") instanceof Long inode ? inode : 0,
        found.get("size") instanceof Long size ? size : 0,
        micros(found.get("lastModifiedTime")),
        micros(found.get("ctime")));
  }

  private static Stat basic(Path file) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int mode =
        found.isDirectory()
            ? TreeEntry.FOLDER
            : found.isSymbolicLink() ? TreeEntry.LINK : found.isRegularFile() ? TreeEntry.PLAIN : 0;
    long modified = micros(found.lastModifiedTime());
    return new Stat(mode, 0, found.size(), modified, modified);
  }

  private static long micros(@org.jspecify.annotations.Nullable Object time) {
    return time instanceof FileTime at ? at.to(TimeUnit.MICROSECONDS) : 0;
  }

  boolean isFolder() {
    return mode == TreeEntry.FOLDER;
  }

  /** Whether it was last touched before {@code micros}. */
  boolean isOlderThan(long micros) {
    return modifiedMicros < micros && changedMicros < micros;
  }
}
