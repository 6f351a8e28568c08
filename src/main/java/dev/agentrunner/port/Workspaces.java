package dev.agentrunner.port;

import dev.agentrunner.core.task.Task;
import java.util.List;
import java.util.function.Predicate;

/** Finds the folders that tasks work in. */
public interface Workspaces {

  /**
   * The folder of {@code task}, opened for the agent.
   *
   * @throws UsageException if there is no such folder
   */
  Workspace open(Task task);

  /** Where {@code task} works, as an absolute path, whether it exists or not; hooks run there. */
  String folder(Task task);

  /**
   * Where hooks with a folder of their own run: {@code relative} taken from the project's folder,
   * as an absolute path.
   */
  String projectFolder(String relative);

  /**
   * Whether a path, relative to a task's folder, is one of those that {@code globs} mean; one
   * without a slash, such as {@code *.java}, is for names at any depth.
   *
   * @throws UsageException if one of them is no glob
   */
  Predicate<String> matching(List<String> globs);

  /**
   * The state of the task's git work tree, a line a changed file, such as {@code M src/a.py}; empty
   * outside of git.
   */
  String gitStatus(Task task);
}
