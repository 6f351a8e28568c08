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
    Path admin = free(worktrees, "agent-runner-" + name);
    Files.createDirectory(admin);
    Path mark = place.toRealPath().resolve(Constants.DOT_GIT);
    Files.writeString(admin.resolve("gitdir"), mark + "\n");
    Files.writeString(admin.resolve("commondir"), "../..\n");
    Files.writeString(
        admin.resolve(Constants.HEAD),
        head(user).orElseThrow(() -> new IOException(user.tree() + " has no commit")) + "\n");
    copyIndex(git, admin);
    Files.writeString(mark, "gitdir: " + admin.toRealPath() + "\n");
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

  /** Unties {@code place}, if it is tied to anything. */
  static void unlink(Path place) throws IOException {
    Path mark = place.resolve(Constants.DOT_GIT);
    if (!Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path admin;
    try {
      admin = Located.from(place).gitFolder(); // Believed only if it knows of the place.
    } catch (Refusal refusal) {
      return;
    }
    Path worktrees = admin.resolveSibling("");
    if (worktrees.endsWith(WORKTREES)) {
      WholeFolder.delete(admin);
      try (DirectoryStream<Path> others = Files.newDirectoryStream(worktrees)) {
        if (others.iterator().hasNext()) {
          return;
        }
      }
      Files.delete(worktrees); // As git leaves it.
    }
  }
}
