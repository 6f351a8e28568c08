package dev.agentrunner;

import dev.agentrunner.core.secret.KnownSecrets;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.task.Settings;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The one mask of this process. It knows the secrets of the environment from the start, and those
 * of the settings once they are read. Safe for use by many threads.
 */
final class ProcessMask implements Supplier<Mask> {

  private final Map<String, String> environment;
  private volatile Mask mask;

  ProcessMask(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.mask = Mask.of(KnownSecrets.of(environment));
  }

  void learn(Settings settings) {
    mask = Mask.of(KnownSecrets.of(environment, settings));
  }

  @Override
  public Mask get() {
    return mask;
  }
}
