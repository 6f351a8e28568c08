package dev.agentrunner.port;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.task.Identity;
import java.util.List;
import java.util.Optional;

/**
 * A git repository, seen from a folder of its work tree: paths are relative to that folder, taken
 * literally, and lead down only. Nothing that the repository configures is ever run: no hooks,
 * filters, monitors, diff or signing programs, no remote helpers. Submodules are left alone.
 * Trouble is an answer, not an exception; no answer holds a password.
 */
public interface Repository {

  /** Lines as of {@code git status --short}; none if nothing differs. */
  Answer status();

  /**
   * The difference to what is staged, or of what is staged to the last commit, as a patch.
   *
   * @param paths files and folders; empty for all
   */
  Answer diff(boolean staged, List<String> paths);

  /**
   * The last commits, newest first, a line each.
   *
   * @param branch where to begin; empty for what is checked out
   * @param max at most so many
   */
  Answer log(Optional<String> branch, int max);

  /** The local branches, a line each, the one that is checked out with a star. */
  Answer branches();

  /** Makes a branch at the last commit, and checks nothing out. */
  Answer createBranch(String name);

  /**
   * Checks out a branch there is; refused where files would be lost or mixed up.
   *
   * @param name as {@code git branch} lists it
   */
  Answer checkout(String name);

  /**
   * Goes on with the branch {@code name}, which is made at the last commit if it is not there.
   * Refused if it is elsewhere and the work tree holds changes.
   */
  Answer enter(String name);

  /** Stages files. */
  Answer add(List<String> paths);

  /**
   * Commits what a task changed and nothing else: what others changed or staged stays as it is, and
   * if the two cannot be told apart nothing is committed. Done again with the same trailers, it
   * finds the commit and makes no other.
   */
  Committing commit(Order order);

  /**
   * Sends a branch to the remote of that name, which the user has configured. Never forces and
   * deletes nothing.
   */
  Answer push(String remote, String branch);

  /** Name of the remote that {@code branch} is pushed to, if one is configured. */
  Optional<String> remoteOf(String branch);

  /** The user as git is configured, if it is. */
  Optional<Identity> identity();

  /**
   * Copies a repository into a new folder.
   *
   * @param address an https or http address out in the open; no private, no local one
   */
  Answer clone(String address, String folder);

  /** What came of it. */
  sealed interface Answer {

    /** It was done, and this is what there is to say; may be empty. */
    record Done(String text) implements Answer {}

    /** Nothing was done. */
    record Refused(String reason) implements Answer {}
  }

  /**
   * What to commit.
   *
   * @param message without trailers
   * @param trailers last lines of the message, such as {@code Agent-Runner-Task: T1}, by which the
   *     commit is found again; none if it is not to be found
   * @param author empty for {@link Repository#identity}
   * @param branch the one that must be checked out; empty for any
   * @param changes each path once: what it held before the task and what the task left in it
   */
  record Order(
      String message,
      List<String> trailers,
      Optional<Identity> author,
      Optional<String> branch,
      List<FileChange> changes) {

    public Order {
      trailers = List.copyOf(trailers);
      changes = List.copyOf(changes);
    }
  }

  /** What came of a commit. */
  sealed interface Committing {

    /**
     * It is there.
     *
     * @param commit its id in hex
     */
    record Made(String commit, String branch) implements Committing {}

    /** Nothing was committed. */
    record Left(String reason) implements Committing {}
  }
}
