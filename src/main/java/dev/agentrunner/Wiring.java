package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;

final class Wiring {
  private Wiring() {}

  @SuppressWarnings("DoNotCallSuggester")
  static CommandLineInterface commandLine() {
    throw new IllegalStateException();
  }
}
