package dev.agentrunner.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say which project is meant; every command has them, before its name or after. */
final class Place {

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

  Optional<String> directory() {
    return Optional.ofNullable(directory);
  }

  Optional<String> config() {
    return Optional.ofNullable(config);
  }
}
