package dev.agentrunner.core.edit;

/** A reply is not in the form it claims; the message tells the model. Never leaves this package. */
final class UnreadableReplyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * @param line of the reply where it went wrong, from 1
   */
  UnreadableReplyException(int line, String reason) {
    this("line %d of the reply: %s".formatted(line, reason));
  }

  UnreadableReplyException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
