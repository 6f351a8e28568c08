package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;

/**
 * Where a repository is.
 *
 * @param folder the place it was looked for from; in {@code tree}, all three without links
 */
record Located(Path folder, Path tree, Path gitFolder) {

  private static final int LINK_BYTES_MAX = 8_192;

  /** The nearest repository from {@code folder} upwards, with its folder where it belongs. */
  static Located from(Path folder) throws Refusal, IOException {
    Path real = folder.toRealPath();
    for (Path at = real; at != null; at = at.getParent()) {
      Path mark = at.resolve(Constants.DOT_GIT);
      if (Files.isDirectory(mark, LinkOption.NOFOLLOW_LINKS)) {
        return new Located(real, at, mark);
      }
      if (Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
        return new Located(real, at, linked(at, mark));
      }
      if (Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) {
        throw new Refusal(mark + " is neither a folder nor a file; it is not followed");
      }
    }
    throw new Refusal(folder + " is in no git repository");
  }

  /** What {@code folder} is called in the tree, with a slash at the end unless it is the tree. */
  String prefix() {
    String name = tree.relativize(folder).toString().replace('\\', '/');
    return name.isEmpty() ? "" : name + "/";
  }

  /** A file may send us anywhere; only a place that knows of this tree is believed. */
  private static Path linked(Path tree, Path mark) throws Refusal, IOException {
    Path target = target(tree, mark, "gitdir:");
    Path back = target.resolve("gitdir");
    boolean worktree =
        Files.isRegularFile(back, LinkOption.NOFOLLOW_LINKS)
            && target(target, back, "").equals(mark);
    if (worktree || isModule(tree, target)) {
      return target;
    }
    throw new Refusal(
        "%s leads to %s, which does not know this folder; it is not followed"
            .formatted(mark, target));
  }

  private static Path target(Path base, Path file, String before) throws Refusal, IOException {
    if (Files.size(file) > LINK_BYTES_MAX) {
      throw new Refusal(file + " is no link of git");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    text = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    try {
      if (text.startsWith(before)) {
        return base.resolve(text.substring(before.length()).strip()).toRealPath();
      }
    } catch (InvalidPathException | IOException e) {
      throw new Refusal(file + " leads nowhere");
    }
    throw new Refusal(file + " is no link of git");
  }

  private static boolean isModule(Path tree, Path target) {
    for (Path at = tree.getParent(); at != null; at = at.getParent()) {
      Path modules = at.resolve(Constants.DOT_GIT).resolve("modules");
      if (Files.isDirectory(modules, LinkOption.NOFOLLOW_LINKS)) {
        return target.startsWith(modules);
      }
    }
    return false;
  }
}
