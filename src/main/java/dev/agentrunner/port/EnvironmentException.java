package dev.agentrunner.port;

/**
 * The machine or a service does not play along: a disk is full, a file cannot be read, a program is
 * missing. The message says what, where, and what to do about it; it holds no secret.
 */
public sealed class EnvironmentException extends RuntimeException permits BusyException {
  private static final long serialVersionUID = 1;

  public EnvironmentException(String message) {
    super(message);
  }

  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
