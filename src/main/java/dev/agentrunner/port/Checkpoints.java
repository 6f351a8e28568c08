package dev.agentrunner.port;

import dev.agentrunner.core.edit.FileMode;
import dev.agentrunner.core.run.TreeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps how folders looked, to show what changed since and to take it back. Holds every file but
 * those that git ignores, what other tools keep for themselves, and repositories within the folder;
 * the folder's own version control is neither needed nor touched.
 */
public interface Checkpoints {

  /**
   * Keeps how {@code folder} looks now; durable on return.
   *
   * @param since a state before: its files are kept even if they are ignored by now
   * @throws EnvironmentException if the folder is not there, or cannot be kept
   */
  Taken take(String folder, Optional<TreeId> since);

  /** What differs between two states, by path. */
  List<PathChange> changes(TreeId before, TreeId after);

  /** What a file held. */
  byte[] content(Kept file);

  /**
   * Makes {@code folder} look as it did. Keeps how it looks now first. What is ignored, now or
   * then, is let be. Doing it again changes nothing.
   *
   * @param dryRun to change nothing, and only say what would be
   * @throws EnvironmentException if not all could be put back; says what
   */
  Restored restore(String folder, TreeId tree, boolean dryRun);

  /**
   * Makes some files look as they did, and lets all others be; for the rest as {@link #restore}.
   * What stands where a folder of theirs should be goes too.
   *
   * @param paths as {@link #changes} tells them
   */
  Restored restoreOnly(String folder, TreeId tree, Set<String> paths);

  /** Puts a name to a state, in place of the one that had it. */
  void remember(String name, TreeId tree);

  Optional<TreeId> remembered(String name);

  /**
   * A state that was kept.
   *
   * @param note what could not be kept and why, a line each; mostly empty
   */
  record Taken(TreeId tree, String note) {}

  /**
   * A file that was kept; the content of a link is where it leads.
   *
   * @param digest names the content
   */
  record Kept(FileMode mode, String digest) {}

  /**
   * A file that differs.
   *
   * @param path from the folder, for people: bytes that are no UTF-8 are escaped
   * @param before empty if there was none
   * @param after empty if there is none
   */
  record PathChange(String path, Optional<Kept> before, Optional<Kept> after) {}

  /**
   * What was put back.
   *
   * @param before how the folder looked until then
   */
  record Restored(TreeId before, List<PathChange> changes) {

    public Restored {
      changes = List.copyOf(changes);
    }
  }
}
