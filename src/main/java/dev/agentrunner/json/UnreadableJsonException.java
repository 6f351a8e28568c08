package dev.agentrunner.json;

/**
 * JSON that is not what we write: damaged, or of another version. The message names the field and
 * what is wrong with it.
 */
public final class UnreadableJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnreadableJsonException(String message) {
    super(message);
  }

  UnreadableJsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
