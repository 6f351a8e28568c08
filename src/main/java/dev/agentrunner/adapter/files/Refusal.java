package dev.agentrunner.adapter.files;

/** Why the agent does not get what it asked for, in words that are meant for it. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  Refusal(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
