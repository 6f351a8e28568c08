package dev.agentrunner.port;

import dev.agentrunner.core.task.AgentChoice;

/** The models a run may ask, by the name of their provider. */
public interface Models {

  /**
   * The provider of that name, ready to be asked.
   *
   * @throws EnvironmentException if its key is missing
   */
  ChatModel provider(String name);

  /** The model that {@code choice} comes down to, as its provider spells it. */
  String modelName(AgentChoice choice);
}
