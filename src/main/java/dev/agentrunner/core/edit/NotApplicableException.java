package dev.agentrunner.core.edit;

/** One edit cannot be applied; the message tells the model why. Never leaves this package. */
final class NotApplicableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  NotApplicableException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
