package dev.agentrunner.port;

import dev.agentrunner.core.chat.Finding;
import java.util.List;

/** Looks whether a provider is ready to be asked, without spending anything. */
public interface Checkup {

  /**
   * What was found, in the order looked at: for a service whether it answers, takes the key and has
   * {@code model}; for a program whether it is installed, in which version, and logged in. What
   * hangs on something that failed is {@link Finding.Verdict#UNKNOWN}. Never throws for what the
   * other side does.
   */
  List<Finding> examine(String model, StopSignal stop);
}
