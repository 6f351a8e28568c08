package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.util.SystemReader;

/** What a repository tracks. Apart from the rest, as few need it and JGit takes long to load. */
final class UserIndex {

  private final DirCache entries;

  private UserIndex(DirCache entries) {
    this.entries = entries;
  }

  /** Empty if there is none, or one that is broken: then nothing ignored is tracked. */
  static Optional<UserIndex> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (!(SystemReader.getInstance() instanceof LoneSystem)) {
        SystemReader.setInstance(new LoneSystem());
      }
      return Optional.of(new UserIndex(DirCache.read(file.toFile(), new StillFiles())));
    } catch (IOException | RuntimeException e) {
      // JGit has no end of ways to say that an index is broken.
      return Optional.empty();
    }
  }

  /** Whether there is a file {@code raw}, or any in it if it is a folder. */
  boolean tracks(String raw) {
    byte[] path = RawName.bytes(raw);
    if (entries.findEntry(path, path.length) >= 0) {
      return true;
    }
    byte[] within = RawName.bytes(raw + "/");
    int next = -(entries.findEntry(within, within.length) + 1);
    return next >= 0
        && next < entries.getEntryCount()
        && startsWith(entries.getEntry(next).getRawPath(), within);
  }

  private static boolean startsWith(byte[] path, byte[] prefix) {
    return path.length > prefix.length
        && Arrays.equals(path, 0, prefix.length, prefix, 0, prefix.length);
  }
}
