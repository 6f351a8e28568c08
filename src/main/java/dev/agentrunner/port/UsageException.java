package dev.agentrunner.port;

/**
 * The user asked for something that cannot be done as asked: a fault in a file, a flag or their
 * combination. The message says what, where, as {@code tasks.yml:14:3} where there is a file, and
 * how to mend it.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
