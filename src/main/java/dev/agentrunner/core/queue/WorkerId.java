package dev.agentrunner.core.queue;

/**
 * Names a worker process, unlike any other ever started.
 *
 * @param value such as {@code host-4711-7f3a}
 */
public record WorkerId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
