package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The {@code .gitignore} files that hold in a folder: its own and those of the folders above, the
 * nearest first.
 *
 * @param file of this folder
 * @param name of this folder, in the one above
 */
record IgnoreRules(Optional<IgnoreRules> above, String name, Optional<IgnoreFile> file) {

  private static final Path IGNORE_FILE = Path.of(".gitignore");
  private static final int BYTES_MAX = 1 << 20;

  /**
   * What holds in the folder at {@code root} because of the folders above, up to the git work
   * tree's.
   */
  static Optional<IgnoreRules> above(Path root) {
    Deque<Path> inside = new ArrayDeque<>();
    Path folder = root;
    while (!Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
      inside.push(folder);
      folder = folder.getParent();
      if (folder == null) {
        return Optional.empty();
      }
    }
    if (folder.equals(root)) {
      return Optional.empty();
    }
    Optional<IgnoreRules> rules = Optional.empty();
    for (Path at = folder; !at.equals(root); at = inside.pop()) {
      try (OpenFolder open = OpenFolder.root(at)) {
        rules = Optional.of(within(rules, String.valueOf(at.getFileName()), open));
      }
    }
    return rules;
  }

  /** What holds in {@code folder}, called {@code name} where {@code above} holds. */
  static IgnoreRules within(Optional<IgnoreRules> above, String name, OpenFolder folder) {
    return new IgnoreRules(above, name, file(folder));
  }

  private static Optional<IgnoreFile> file(OpenFolder folder) {
    try {
      return folder.look(IGNORE_FILE).filter(BasicFileAttributes::isRegularFile).isPresent()
          ? Optional.of(IgnoreFile.of(folder.read(IGNORE_FILE, BYTES_MAX)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // git, too, goes on without a file that it cannot read
    }
  }

  /** Whether what is called {@code entry} in this folder is left out. */
  boolean ignores(String entry, boolean folder) {
    List<String> path = new ArrayList<>(List.of(entry));
    Optional<IgnoreRules> rules = Optional.of(this);
    while (rules.isPresent()) {
      IgnoreRules at = rules.get();
      Optional<Boolean> verdict = at.file.flatMap(f -> f.ignores(path, folder));
      if (verdict.isPresent()) {
        return verdict.get();
      }
      path.addFirst(at.name);
      rules = at.above;
    }
    return false;
  }
}
