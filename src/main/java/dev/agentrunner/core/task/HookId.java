package dev.agentrunner.core.task;

/**
 * Names one hook of the configuration.
 *
 * @param value of the same shape as a {@link TaskId}
 */
public record HookId(String value) {

  public HookId {
    if (!TaskId.isValid(value)) {
      throw new IllegalArgumentException("not a hook id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
