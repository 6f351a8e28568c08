package dev.agentrunner.port;

import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.TreeId;
import dev.agentrunner.core.task.Task;
import java.util.List;
import java.util.OptionalInt;

/**
 * Worktrees of the user's repositories, for tasks that are worked on beside each other. States of
 * files are those of the whole repository, as {@link Checkpoints} keep them: what was never
 * committed is in them, what git ignores is not. Safe for use by many threads.
 */
public interface Worktrees {

  /**
   * Finds out before anything is started whether each of {@code tasks} can have a worktree.
   *
   * @throws UsageException if one cannot; says what to do
   */
  void check(List<Task> tasks);

  /** Where the worktree of {@code task} is, or is going to be, as an absolute path. */
  String place(RunId run, Task task);

  /**
   * Makes the worktree, with the user's files as they are now; one that is there is made anew.
   *
   * @throws EnvironmentException if that cannot be done
   */
  Checkpoints.Taken open(RunId run, Task task);

  /**
   * Puts together what was done in the worktree since {@code base} and what was done in the user's
   * files since. Writes no file.
   */
  Union unite(RunId run, Task task, TreeId base);

  /**
   * Brings the user's files from {@code onto} to {@code tree}; doing it again changes nothing.
   *
   * @return how many files differ between the two; empty if one of them was changed meanwhile, and
   *     then nothing is written
   */
  OptionalInt land(Task task, TreeId onto, TreeId tree);

  /**
   * Brings the files of the worktree to {@code tree}; doing it again changes nothing.
   *
   * @return how many were written
   */
  int bring(RunId run, Task task, TreeId tree);

  /** How the folder of {@code task} looks in a state of its repository. */
  TreeId folderIn(Task task, TreeId tree);

  /**
   * Removes the worktree. Nothing, if there is none.
   *
   * @param keeping whether what it held is kept, as it is nowhere else
   */
  void close(RunId run, Task task, boolean keeping);

  /**
   * Two states put together.
   *
   * @param onto how the user's files looked
   * @param tree what comes of it
   * @param asJudged whether that is just what the worktree holds
   * @param conflicts files of {@code tree} that do not fit, as paths from the top of the repository
   */
  record Union(TreeId onto, TreeId tree, boolean asJudged, List<String> conflicts) {

    public Union {
      conflicts = List.copyOf(conflicts);
    }
  }
}
