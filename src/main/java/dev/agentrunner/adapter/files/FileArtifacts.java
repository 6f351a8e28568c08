package dev.agentrunner.adapter.files;

import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Artifacts as files named by what they hold.
 *
 * <pre>
 * artifacts/
 * ├── sha256/9f/86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08    9f… is the whole digest
 * └── 9f86….17.tmp                                                              being written, or left by a crash
 * </pre>
 *
 * <p>A body is durable when {@link #keep} returns. There is no cheaper way, although one would save
 * some milliseconds an edit: the log may name the body a moment later, and what a file held before
 * an edit is the user's work, of which this is then the only copy.
 */
public final class FileArtifacts implements Artifacts {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path folder;
  private final Set<String> durable = new HashSet<>();

  public FileArtifacts(Path folder) {
    this.folder = folder;
  }

  @Override
  public String keep(byte[] body) {
    String digest = EventJson.digest(body, 0, body.length);
    synchronized (durable) {
      if (durable.contains(digest)) {
        return digest;
      }
    }
    Path file = place(digest);
    try (HeldInterrupt _ = HeldInterrupt.hold()) {
      if (find(digest).isPresent()) {
        // Perhaps from a run that died before it got to this.
        PrivateFiles.syncFolder(PrivateFiles.above(file));
      } else {
        PrivateFiles.createFolder(PrivateFiles.above(file));
        long thread = Thread.currentThread().threadId();
        PrivateFiles.replace(file, body, folder.resolve(digest + "." + thread + ".tmp"));
      }
    } catch (IOException e) {
      throw DiskTrouble.cannot("write", file, e);
    }
    synchronized (durable) {
      durable.add(digest);
    }
    return digest;
  }

  @Override
  public Optional<byte[]> find(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      return Optional.empty();
    }
    Path file = place(digest);
    try {
      byte[] body = Files.readAllBytes(file);
      return Optional.of(body)
          .filter(found -> EventJson.digest(found, 0, found.length).equals(digest));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  /** The file that holds, or would hold, the body with that digest. */
  public Path place(String digest) {
    return DIGEST.matcher(digest).matches()
        ? folder.resolve("sha256").resolve(digest.substring(0, 2)).resolve(digest.substring(2))
        : folder;
  }

  /** Removes what was being written when an earlier run died. Only for whoever holds the lock. */
  void removeLeftOvers() {
    PrivateFiles.removeTemporary(folder);
  }
}
