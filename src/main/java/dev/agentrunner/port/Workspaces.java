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
   * Where hooks of {@code task} with a folder of their own run: {@code relative} taken from the
   * project's folder, as an absolute path.
   *
   * @throws UsageException if the task is only proposed, and that is not in the copy it is done in
   */
  String projectFolder(Task task, String relative);

  /**
   * Tells which files the user protects from {@code task}. Takes paths from the task's folder, with
   * {@code /} between their parts.
   */
  Predicate<String> protectedFiles(Task task);

  /**
   * Tells which files say what the run is to do, such as the task list, and have been changed since
   * they were read. Takes paths as {@link #protectedFiles} does.
   *
   * @throws UsageException if there is no such folder
   */
  Predicate<String> changedRules(Task task);

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
