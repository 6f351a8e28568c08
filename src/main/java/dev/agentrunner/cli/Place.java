package dev.agentrunner.cli;

import dev.agentrunner.cli.Workbench.Sources;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Flags that say which project is meant, and how much is told of it; every command has them, before
 * its name or after.
 */
final class Place {

  static final String LOG_LEVEL = "--log-level";

  @Option(
      names = {"-C", "--directory"},
      paramLabel = "DIR",
      description =
          "The project's folder. Default: the nearest one with a folder .agent-runner, from the task list or here upwards.")
  private @Nullable String directory;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file to read in place of the project's.")
  private @Nullable String config;

  @SuppressWarnings("unused") // Heeded before the command runs, by CommandLineInterface.
  @Option(
      names = LOG_LEVEL,
      paramLabel = "LEVEL",
      description =
          "Tell on standard error what goes on inside: error, warn, info, debug or trace. Default: AGENT_RUNNER_LOG_LEVEL, or warn.")
  private LogLevel logLevel = LogLevel.warn;

  Optional<String> directory() {
    return Optional.ofNullable(directory);
  }

  Optional<String> config() {
    return Optional.ofNullable(config);
  }

  /** Where to read from, when no flag says more. */
  Sources sources(Optional<String> list) {
    return new Sources(directory(), config(), list, List.of(), Optional.empty());
  }
}
