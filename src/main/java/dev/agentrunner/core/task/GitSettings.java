package dev.agentrunner.core.task;

import java.util.Optional;

/**
 * How git is used.
 *
 * @param branch name of the branch that tasks are committed on, with {@code {run}} and {@code
 *     {task}} in it; empty for the one that is checked out
 * @param author of commits; empty for the user's own, as git is configured
 * @param usernameVariable environment variable with the name to push under
 * @param tokenVariable environment variable with the password or token that goes with it
 */
public record GitSettings(
    Optional<String> branch,
    Delivery delivery,
    Optional<Identity> author,
    AgentGit agent,
    Optional<String> usernameVariable,
    Optional<String> tokenVariable) {

  /** Nothing is committed, and the agent may look. */
  public static final GitSettings NONE =
      new GitSettings(
          Optional.empty(),
          Delivery.NONE,
          Optional.empty(),
          AgentGit.READ,
          Optional.empty(),
          Optional.empty());

  /** What the agent may do with git; each may do what those before it may. */
  public enum AgentGit {
    OFF,
    /** See the status, differences, the log and branches. */
    READ,
    /** Make branches, and commit what its task changed. */
    COMMIT,
    /** Check out branches, clone, and push to configured remotes. */
    ALL
  }

  /** The branch that {@code task} is committed on in {@code run}. */
  public Optional<String> branch(String run, TaskId task) {
    return branch.map(name -> name.replace("{run}", run).replace("{task}", task.value()));
  }
}
