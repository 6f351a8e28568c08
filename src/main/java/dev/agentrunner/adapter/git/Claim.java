package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;

/**
 * Says in a repository, while it is open, that this process is about to take git's locks there.
 *
 * <p>Git's locks do not tell whose they are, and those of a process that was killed stay for good.
 * One that came into being right after the claim of a process that is gone was its own, and is
 * removed; any other is left to whoever holds it.
 */
final class Claim implements AutoCloseable {

  private static final Pattern NAMES = Pattern.compile("agent-runner-(\\d{1,18})\\.claim");

  /** Longer than git's locks are ever held here, shorter than anybody takes to come instead. */
  private static final Duration HELD = Duration.ofSeconds(10);

  private final Path file;

  private Claim(Path file) {
    this.file = file;
  }

  static Claim on(Repository repository) throws IOException {
    Path folder = repository.getDirectory().toPath();
    for (Path left : OwnFiles.left(folder, NAMES)) {
      Instant claimed = made(left);
      for (Path one : locks(repository)) {
        removeIfMadeAfter(claimed, one);
      }
      for (Path one : halfObjects(repository)) {
        removeIfMadeAfter(claimed, one);
      }
      Files.deleteIfExists(left);
    }
    Path file = folder.resolve(OwnFiles.name("agent-runner-%s.claim"));
    Files.write(file, new byte[0]);
    return new Claim(file);
  }

  private static List<Path> locks(Repository repository) throws IOException {
    Path folder = repository.getDirectory().toPath();
    Path shared = repository.getCommonDirectory().toPath();
    return List.of(
        folder.resolve("index.lock"),
        folder.resolve("HEAD.lock"),
        shared.resolve("packed-refs.lock"),
        shared.resolve(repository.getFullBranch() + ".lock"));
  }

  /** As JGit names what it writes; git would never tidy them up. */
  private static List<Path> halfObjects(Repository repository) throws IOException {
    Path objects = repository.getCommonDirectory().toPath().resolve("objects");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(objects, "noz*.tmp")) {
      List<Path> half = new ArrayList<>();
      files.forEach(half::add);
      return half;
    }
  }

  private static void removeIfMadeAfter(Instant claimed, Path file) throws IOException {
    try {
      Instant made = made(file);
      if (!made.isBefore(claimed) && made.isBefore(claimed.plus(HELD))) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      // It was not taken, or given back.
    }
  }

  private static Instant made(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
