package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The work tree that a folder may be in: what is ignored there, and what is tracked all the same.
 */
final class UserRepository {

  private static final String LINK = "gitdir: ";
  private static final int IGNORE_BYTES_MAX = 1 << 20;

  private final Path folder;
  private final Optional<Path> tree;
  private Optional<UserIndex> index = Optional.empty();
  private boolean read;

  private UserRepository(Path folder, Optional<Path> tree) {
    this.folder = folder;
    this.tree = tree;
  }

  /**
   * @param folder without links in its path
   */
  static UserRepository around(Path folder) {
    Path at = folder;
    while (at != null && !Files.exists(at.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
      at = at.getParent();
    }
    return new UserRepository(folder, Optional.ofNullable(at));
  }

  /** The folder of the work tree; empty outside of git. */
  Optional<Path> top() {
    return tree;
  }

  /** The user's own rules for the whole work tree. */
  Optional<byte[]> excludes() {
    return gitFolder()
        .map(UserRepository::common)
        .flatMap(git -> file(git.resolve("info/exclude")));
  }

  /** The rules for what is in the folder. */
  Ignores ignores() {
    Ignores own = Ignores.outermost(file(folder.resolve(Ignores.FILE)));
    if (tree.isEmpty()) {
      return own;
    }
    Path top = tree.get();
    Ignores rules = Ignores.outermost(file(top.resolve(Ignores.FILE))).over(excludes());
    Path at = top;
    for (Path name : top.relativize(folder)) {
      if (name.toString().isEmpty()) {
        continue;
      }
      if (rules.ignores(RawName.of(at.resolve(name)), true)) {
        return own; // The task works in what git leaves out: there it has nothing to say.
      }
      at = at.resolve(name);
      rules = rules.in(name.toString(), file(at.resolve(Ignores.FILE)));
    }
    return rules;
  }

  /** The content of an ignore file; git, too, goes on without one that it cannot read. */
  static Optional<byte[]> file(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.size(file) <= IGNORE_BYTES_MAX
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<Path> gitFolder() {
    return tree.map(top -> top.resolve(".git")).flatMap(UserRepository::followed);
  }

  private static Optional<Path> followed(Path git) {
    if (Files.isDirectory(git)) {
      return Optional.of(git);
    }
    return line(git)
        .filter(line -> line.startsWith(LINK))
        .map(line -> git.resolveSibling(line.substring(LINK.length())));
  }

  private static Path common(Path git) {
    return line(git.resolve("commondir")).map(git::resolve).orElse(git);
  }

  private static Optional<String> line(Path file) {
    try {
      return file(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether git has the file {@code raw}, or any in it if it is a folder, by path from here. */
  boolean tracks(String raw) {
    if (!read) {
      read = true;
      index = gitFolder().map(git -> git.resolve("index")).flatMap(UserIndex::read);
    }
    return index.isPresent() && index.get().tracks(prefix() + raw);
  }

  private String prefix() {
    List<String> names = new ArrayList<>();
    Path at = folder;
    while (tree.isPresent() && at != null && !at.equals(tree.get())) {
      names.addFirst(RawName.of(at) + "/");
      at = at.getParent();
    }
    return String.join("", names);
  }
}
