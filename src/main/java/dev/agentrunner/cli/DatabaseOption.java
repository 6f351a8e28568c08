package dev.agentrunner.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --db}. */
final class DatabaseOption {

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = {
        "sqlite:PATH, or postgresql://USER@HOST/NAME. Default:",
        "AGENT_RUNNER_DB, or a file below ~/.agent-runner/server."
      })
  private Optional<String> url = Optional.empty();

  String orOf(Platform platform) {
    return url.orElseGet(platform::database);
  }
}
