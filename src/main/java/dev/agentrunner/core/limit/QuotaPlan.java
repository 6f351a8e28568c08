package dev.agentrunner.core.limit;

import java.time.Duration;
import java.util.List;

/**
 * A subscription that is paid for by time and limited by what is used within windows.
 *
 * @param name of it, such as {@code claude-subscription}
 */
public record QuotaPlan(String name, List<Window> windows) {

  public QuotaPlan {
    windows = List.copyOf(windows);
  }

  /**
   * After so long from its first call, what was used within it counts no more.
   *
   * @param name as the provider has it
   */
  public record Window(String name, Duration length) {}
}
