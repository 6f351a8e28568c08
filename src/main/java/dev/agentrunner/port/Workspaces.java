package dev.agentrunner.port;

import dev.agentrunner.core.task.Task;
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
   * Tells which files {@code task} may not change: those that say what the run is to do, and those
   * the user protects. Takes paths from the task's folder, with {@code /} between their parts.
   *
   * @throws UsageException if there is no such folder
   */
  Predicate<String> protectedFiles(Task task);

  /**
   * The state of the task's git work tree, a line a changed file, such as {@code M src/a.py}; empty
   * outside of git.
   */
  String gitStatus(Task task);
}
