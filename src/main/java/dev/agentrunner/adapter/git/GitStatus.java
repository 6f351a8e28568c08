package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.StopWalkException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.IndexDiff;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.submodule.SubmoduleWalk.IgnoreSubmoduleMode;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The state of work trees, as {@code git status --short} tells it. Only reads, runs nothing, and
 * knows no configuration but the repository's own: a repository is somebody else's, and its
 * filters, hooks and monitors are programs.
 */
public final class GitStatus {

  /** Some seconds' worth. */
  private static final int ENTRIES_MAX = 200_000;

  /**
   * Lines such as {@code M src/a.py}, for what differs in {@code folder} and below, with paths from
   * there, a renamed file as two; at most 100, and one that says how many more there are. Empty if
   * nothing differs, if {@code folder} is not in a work tree, or if its repository cannot be read.
   */
  public String of(Path folder) {
    try {
      Path real = folder.toRealPath();
      Optional<Path> tree = workTree(real);
      return tree.isPresent() ? text(tree.get(), real) : "";
    } catch (IOException | RuntimeException e) {
      // JGit has no end of ways to say that a repository is broken. The status is a courtesy.
      return "";
    }
  }

  private static Optional<Path> workTree(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(Constants.DOT_GIT), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static String text(Path tree, Path folder) throws IOException {
    LoneSystem.install();
    var builder = new FileRepositoryBuilder().setFS(new StillFiles()).setMustExist(true);
    try (Repository repository = builder.setWorkTree(tree.toFile()).build()) {
      if (repository.exactRef(Constants.HEAD) == null) {
        return "";
      }
      withoutFilters(repository.getConfig());
      List<String> names = new ArrayList<>();
      tree.relativize(folder).forEach(name -> names.add(name.toString()));
      String prefix = String.join("/", names);
      EntryCount count = new EntryCount();
      IndexDiff diff = new IndexDiff(repository, Constants.HEAD, new FileTreeIterator(repository));
      diff.setIgnoreSubmoduleMode(IgnoreSubmoduleMode.ALL);
      diff.setFilter(
          prefix.isEmpty() ? count : AndTreeFilter.create(PathFilter.create(prefix), count));
      diff.diff();
      return new StatusLines(prefix.isEmpty() ? "" : prefix + "/").of(diff, count.isOver());
    }
  }

  /** Otherwise each file that may have changed would be put through a command. */
  private static void withoutFilters(StoredConfig config) {
    for (String name : config.getSubsections("filter")) {
      config.unsetSection("filter", name);
    }
  }

  /** Ends a walk that takes too long. */
  private static final class EntryCount extends TreeFilter {
    private int seen;

    boolean isOver() {
      return seen > ENTRIES_MAX;
    }

    @Override
    public boolean include(TreeWalk walk) {
      seen++;
      if (isOver()) {
        throw StopWalkException.INSTANCE;
      }
      return true;
    }

    @Override
    public boolean shouldBeRecursive() {
      return false;
    }

    @Override
    public TreeFilter clone() {
      return this;
    }
  }
}
