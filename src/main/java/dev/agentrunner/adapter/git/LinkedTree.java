package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Ties a folder to a repository as {@code git worktree add --detach} does, and unties it:
 *
 * <pre>
 * FOLDER/.git                        gitdir: REPOSITORY/worktrees/NAME
 * REPOSITORY/worktrees/NAME/
 * ├── HEAD                           the commit that is checked out
 * ├── commondir                      ../..
 * ├── gitdir                         FOLDER/.git
 * └── index                          as it is in the user's work tree, what is staged included
 * </pre>
 */
final class LinkedTree {

  private static final String WORKTREES = "worktrees";
  private static final String BACK = "gitdir";
  private static final String TO = "gitdir:";
  private static final String NAME = "agent-runner-";

  private LinkedTree() {}

  /** The commit that is checked out; empty before the first one. */
  static Optional<String> head(Located located) throws IOException {
    try (InertRepository repository = InertRepository.open(located)) {
      return Optional.ofNullable(repository.resolve(Constants.HEAD)).map(ObjectId::name);
    }
  }

  /**
   * Ties {@code place} to the repository of the user's work tree.
   *
   * @param name for the place, which others may have
   */
  static void link(Located user, Path place, String name) throws IOException {
    Path git = user.gitFolder();
    Path worktrees = common(git).resolve(WORKTREES);
    Files.createDirectories(worktrees);
    Path admin = free(worktrees, NAME + name);
    Path mark = place.toRealPath().resolve(Constants.DOT_GIT);
    // The mark first, and what is believed of it next: whoever is cut off later can be tidied up
    // after.
    Files.writeString(
        mark, "gitdir: " + worktrees.toRealPath().resolve(admin.getFileName()) + "\n");
    Files.createDirectory(admin);
    Files.writeString(admin.resolve(BACK), mark + "\n");
    copyIndex(git, admin);
    Files.writeString(admin.resolve("commondir"), "../..\n");
    Files.writeString(
        admin.resolve(Constants.HEAD),
        head(user).orElseThrow(() -> new IOException(user.tree() + " has no commit")) + "\n");
  }

  private static Path free(Path worktrees, String name) {
    Path free = worktrees.resolve(name);
    for (int i = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
      free = worktrees.resolve(name + i);
    }
    return free;
  }

  /** A work tree that is linked itself names the folder that all of them share. */
  private static Path common(Path git) throws IOException {
    Path file = git.resolve("commondir");
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? git.resolve(Files.readString(file, StandardCharsets.UTF_8).strip()).toRealPath()
        : git;
  }

  /** With the parts that it may be split into. */
  private static void copyIndex(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "{index,sharedindex.*}")) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /**
   * Unties what was at {@code place}, if it was tied to anything.
   *
   * @param moved where that is now
   */
  static void unlink(Path place, Path moved) throws IOException {
    Path mark = moved.resolve(Constants.DOT_GIT);
    if (!Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String text = Files.readString(mark, StandardCharsets.UTF_8).strip();
    if (!text.startsWith(TO)) {
      return;
    }
    Path admin = moved.resolve(text.substring(TO.length()).strip());
    Path worktrees = admin.resolveSibling("");
    if (!worktrees.endsWith(WORKTREES) || !Files.isDirectory(worktrees)) {
      return;
    }
    if (Files.isDirectory(admin, LinkOption.NOFOLLOW_LINKS)) {
      if (!isOurs(admin, place)) {
        return;
      }
      delete(admin);
    }
    if (isEmpty(worktrees)) {
      Files.delete(worktrees); // As git leaves it.
    }
  }

  /** A file may send us anywhere; only a place that knows of this tree, or nothing, is believed. */
  private static boolean isOurs(Path admin, Path place) throws IOException {
    if (isEmpty(admin)) {
      return String.valueOf(admin.getFileName()).startsWith(NAME);
    }
    Path back = admin.resolve(BACK);
    return Files.isRegularFile(back, LinkOption.NOFOLLOW_LINKS)
        && Path.of(Files.readString(back, StandardCharsets.UTF_8).strip())
            .equals(real(place).resolve(Constants.DOT_GIT));
  }

  /** Nothing need be there any more. */
  private static Path real(Path place) throws IOException {
    Path above = place.toAbsolutePath().resolveSibling("");
    return (Files.exists(above) ? above.toRealPath() : above).resolve(place.getFileName());
  }

  /** What makes it ours goes last, so that it can be gone on with. */
  private static void delete(Path admin) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(admin, one -> !one.endsWith(BACK))) {
      for (Path file : files) {
        WholeFolder.delete(file);
      }
    }
    WholeFolder.delete(admin);
  }

  static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    }
  }
}
