package dev.agentrunner.port;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Task;
import java.util.Optional;

/** The models a run may ask, by the name of their provider. */
public interface Models {

  /**
   * The provider of that name, ready to be asked.
   *
   * @param task that it is going to work on: an agent's command line runs in the task's folder
   * @throws EnvironmentException if its key or its program is missing
   */
  ChatModel provider(String name, Task task);

  /** The model that {@code choice} comes down to, as its provider spells it. */
  String modelName(AgentChoice choice);

  /**
   * Whoever counts what is asked of {@code provider}: the same for providers that go by the same
   * key at the same address, and no secret. Empty where nobody counts, as for recordings.
   */
  Optional<String> account(String provider);

  /**
   * What one reply comes to; {@link Cost#UNKNOWN} if nobody knows.
   *
   * @param model as asked for, or as the provider called it
   */
  Cost cost(String provider, String model, Usage usage);

  /**
   * Who is charged for what {@code choice} does.
   *
   * @throws UsageException if that is not clear
   * @throws EnvironmentException if whoever is meant to pay cannot
   */
  Payer payer(AgentChoice choice);
}
