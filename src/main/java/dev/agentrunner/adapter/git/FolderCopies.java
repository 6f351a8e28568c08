package dev.agentrunner.adapter.git;

import dev.agentrunner.port.Checkpoints.Taken;
import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Copies of folders to work in, each with what a checkpoint of the folder holds: nothing that git
 * ignores. A copy is a work tree of its own, with one commit, so that whoever uses git in it does
 * not come upon the user's repository. It lies as deep in it as the folder does in the user's, and
 * the ignore files on the way are there too, so that the same things are ignored.
 *
 * <pre>
 * proposals/1f0c2b…/
 * ├── .git/
 * ├── .gitignore
 * └── services/api/     the folder, as it is called in the user's work tree
 * </pre>
 */
public final class FolderCopies {

  private static final String HALF = ".half";

  private final Path home;
  private final Path store;
  private final GitCheckpoints checkpoints;

  /**
   * @param home the folder that holds the copies and nothing else; made when the first one is
   * @param store where checkpoints are kept
   */
  public FolderCopies(Path home, Path store, InstantSource clock) {
    this.home = home;
    this.store = store;
    this.checkpoints = new GitCheckpoints(store, clock);
  }

  /** Where the copy of {@code folder} is, or is going to be. */
  public Path place(Path folder) {
    Path real = real(folder);
    return top(real).resolve(below(real));
  }

  /** Whether there is a copy of {@code folder}. */
  public boolean has(Path folder) {
    return Files.isDirectory(top(real(folder)), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Makes a copy of {@code folder}: all of it, or none.
   *
   * @return what is not in it though it is not ignored, a line each
   * @throws EnvironmentException if the folder is not there, or cannot be copied
   */
  public String make(Path folder) {
    Path real = real(folder);
    Taken taken = checkpoints.take(real.toString(), Optional.empty());
    Path top = top(real);
    Path half = top.resolveSibling(top.getFileName() + HALF);
    try {
      WholeFolder.delete(half);
      createPrivate(half);
      UserRepository repository = UserRepository.around(real);
      Path below = below(real);
      copyIgnoreFiles(repository, below, half);
      CopiedTree copy = new CopiedTree(new ObjectStore(store), half, below);
      copy.write(taken.tree().hex(), repository.excludes());
      Files.move(half, top, StandardCopyOption.ATOMIC_MOVE);
      return taken.note();
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot copy %s to %s: %s; see to permissions and to room on the disk"
              .formatted(folder, top, e),
          e);
    }
  }

  /** Removes all copies. */
  public void remove() {
    try {
      WholeFolder.delete(home);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot remove %s: %s; see to its permissions".formatted(home, e), e);
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath().normalize();
    }
  }

  private Path top(Path real) {
    byte[] name = real.toString().getBytes(StandardCharsets.UTF_8);
    return home.resolve(PackWriter.name(ObjectKind.BLOB, name).substring(0, 12));
  }

  /** What a folder is called in its work tree; empty if it is the work tree, or in none. */
  private static Path below(Path real) {
    return UserRepository.around(real).top().map(top -> top.relativize(real)).orElse(Path.of(""));
  }

  private static void copyIgnoreFiles(UserRepository repository, Path below, Path copy)
      throws IOException {
    Optional<Path> top = repository.top();
    Path at = Path.of("");
    for (Path name : below) {
      if (top.isEmpty() || name.toString().isEmpty()) {
        return;
      }
      Optional<byte[]> rules = UserRepository.file(top.get().resolve(at).resolve(Ignores.FILE));
      if (rules.isPresent()) {
        Files.write(copy.resolve(at).resolve(Ignores.FILE), rules.get());
      }
      at = at.resolve(name);
      Files.createDirectory(copy.resolve(at));
    }
  }

  private static void createPrivate(Path folder) throws IOException {
    Files.createDirectories(folder.resolveSibling(""));
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(folder);
    }
  }
}
