package dev.agentrunner.port;

import java.util.List;

/** Says what the agent's commands are held to. */
public interface Confinements {

  /**
   * For a command that runs in {@code folder}: that is writable, but for what is the user's and the
   * runner's own in it.
   *
   * @param folder an absolute path
   * @param variables names of environment variables that it gets from the runner's own environment,
   *     besides the usual few
   */
  Confinement of(String folder, boolean network, List<String> variables);
}
