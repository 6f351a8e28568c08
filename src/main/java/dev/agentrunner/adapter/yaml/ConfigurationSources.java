package dev.agentrunner.adapter.yaml;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings may come from.
 *
 * @param project the project's folder; settings are in {@code .agent-runner/config.yml} below it
 * @param named a file to read in place of the project's; it must be there
 * @param home the user's folder; settings are in {@code .agent-runner/config.yml} below it
 * @param environment all variables; those that begin with {@code AGENT_RUNNER_} are settings
 * @param flags what the command line says, the last word on everything
 */
public record ConfigurationSources(
    Path project,
    Optional<Path> named,
    Optional<Path> home,
    Map<String, String> environment,
    List<Flag> flags) {

  public ConfigurationSources {
    environment = Map.copyOf(environment);
    flags = List.copyOf(flags);
  }

  /** A project's own file and nothing else. */
  public static ConfigurationSources project(Path project) {
    return new ConfigurationSources(
        project, Optional.empty(), Optional.empty(), Map.of(), List.of());
  }

  @Override
  public String toString() {
    return "ConfigurationSources[" + project + "]";
  }
}
