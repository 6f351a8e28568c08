package dev.agentrunner.adapter.git;

/** Why nothing was done, in words for whoever asked. */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
