package dev.agentrunner;

import dev.agentrunner.cli.CommandLineInterface;

final class Wiring {
  private Wiring() {}

  static CommandLineInterface commandLine() {
    throw new IllegalStateException();
  }
}
