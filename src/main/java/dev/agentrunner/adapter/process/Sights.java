package dev.agentrunner.adapter.process;

import dev.agentrunner.port.Confinement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a confined command finds the file system: each path as the nearest rule at or above it says,
 * and without one, it can be read. Paths are real ones: a rule for a link holds for what it leads
 * to. A link that the command could replace by another one cannot be ruled on, and is refused.
 */
final class Sights {

  /** How something is found. */
  enum Sight {
    HIDDEN,
    READ_ONLY,
    WRITABLE
  }

  private static final String GIT = ".git";
  private static final String GITDIR = "gitdir: ";

  /** Folders before what is in them. */
  private final TreeMap<Path, Sight> rules =
      new TreeMap<>(Comparator.comparingInt(Path::getNameCount).thenComparing(path -> path));

  private final List<Path> missing = new ArrayList<>();

  private Sights() {}

  /**
   * @param hidden what is hidden from every command, besides what {@code confinement} names
   * @throws Unruly if something asked for cannot be had
   */
  static Sights of(Confinement confinement, List<Path> hidden) throws IOException {
    var sights = new Sights();
    for (Path path : hidden) {
      sights.hide(path);
    }
    for (String path : confinement.masked()) {
      sights.hide(Path.of(path));
    }
    for (String path : confinement.writable()) {
      sights.open(Path.of(path));
    }
    for (String path : confinement.readOnly()) {
      sights.protect(Path.of(path).normalize());
    }
    sights.holdFoldersAbove();
    return sights;
  }

  /** What is asked for cannot be had, in words for people. */
  static final class Unruly extends IOException {

    private static final long serialVersionUID = 1;

    Unruly(String why) {
      super(why);
    }
  }

  /** Each rule, those for folders before those for what is in them. */
  Map<Path, Sight> rules() {
    return rules;
  }

  /**
   * What is protected and not there: something has to be put there for as long as the command runs,
   * or it could make it.
   */
  List<Path> missing() {
    return missing;
  }

  /** Shows what would be hidden. */
  void show(Path real) {
    if (sight(real) == Sight.HIDDEN) {
      rules.put(real, Sight.READ_ONLY);
    }
  }

  /** How {@code real} is found. */
  Sight sight(Path real) {
    for (Path path = real; path != null; path = path.getParent()) {
      Sight sight = rules.get(path);
      if (sight != null) {
        return sight;
      }
    }
    return Sight.READ_ONLY;
  }

  private void hide(Path path) throws IOException {
    if (Files.exists(path)) {
      rules.put(path.toRealPath(), Sight.HIDDEN);
    }
  }

  private void open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new Unruly("no such folder: " + path);
    }
    Path real = path.toRealPath();
    if (real.getNameCount() == 0) {
      throw new Unruly("the whole machine cannot be made writable: " + path);
    }
    rules.put(real, Sight.WRITABLE);
  }

  private void protect(Path path) throws IOException {
    Path at = path.getRoot();
    for (Path name : path) {
      Path next = at.resolve(name);
      if (Files.isSymbolicLink(next) && sight(at) == Sight.WRITABLE) {
        throw new Unruly(
            next + " is a link that a confined command could replace, so it cannot be protected");
      }
      if (!Files.exists(next)) {
        if (sight(at) == Sight.WRITABLE) {
          missing.add(next);
          rules.put(next, Sight.READ_ONLY);
        }
        return;
      }
      at = next.toRealPath();
    }
    // What is hidden is not shown by being protected.
    if (sight(at) != Sight.HIDDEN) {
      rules.put(at, Sight.READ_ONLY);
    }
    if (at.endsWith(GIT) && Files.isRegularFile(at)) {
      protectRepository(at);
    }
  }

  /** A work tree's {@code .git} may be a file that names the repository, which may name another. */
  private void protectRepository(Path file) throws IOException {
    Optional<Path> repository = named(file, GITDIR);
    if (repository.isPresent() && Files.isDirectory(repository.get())) {
      protect(repository.get());
      Optional<Path> common = named(repository.get().resolve("commondir"), "");
      if (common.isPresent()) {
        protect(common.get());
        showLinked(file, repository.get(), common.get());
      }
    }
  }

  /** Git works in a linked work tree, too; only a repository that knows of the tree is believed. */
  private void showLinked(Path file, Path repository, Path common) throws IOException {
    boolean linked =
        repository.startsWith(common.resolve("worktrees"))
            && named(repository.resolve("gitdir"), "").equals(Optional.of(file));
    if (linked) {
      show(common.toRealPath());
    }
  }

  private static Optional<Path> named(Path file, String before) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String text = Files.readString(file, StandardCharsets.UTF_8).strip();
    try {
      return text.startsWith(before)
          ? Optional.of(file.resolveSibling(text.substring(before.length())).normalize())
          : Optional.empty();
    } catch (InvalidPathException e) {
      throw new Unruly(file + " names no path: " + e.getReason());
    }
  }

  /**
   * Who may rename a folder takes what is protected in it out of the way. One that has a rule of
   * its own cannot be renamed.
   */
  private void holdFoldersAbove() {
    for (Path ruled : List.copyOf(rules.keySet())) {
      for (Path above = ruled.getParent();
          above != null && !rules.containsKey(above) && sight(above) == Sight.WRITABLE;
          above = above.getParent()) {
        rules.put(above, Sight.WRITABLE);
      }
    }
  }

  static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
