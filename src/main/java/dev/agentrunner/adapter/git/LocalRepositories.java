package dev.agentrunner.adapter.git;

import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.Repositories;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Repositories on this machine. */
public final class LocalRepositories implements Repositories {

  private final GitSettings settings;
  private final Map<String, String> environment;
  private final Processes processes;
  private final InstantSource clock;

  /**
   * @param environment the runner's own: where the user's files are, and passwords
   * @param processes runs the user's credential helper
   */
  public LocalRepositories(
      GitSettings settings,
      Map<String, String> environment,
      Processes processes,
      InstantSource clock) {
    this.settings = settings;
    this.environment = Map.copyOf(environment);
    this.processes = processes;
    this.clock = clock;
  }

  @Override
  public Lookup at(String folder) {
    try {
      Path path = Path.of(folder);
      Located.from(path);
      // Made here, so that nothing of JGit is loaded before git is used.
      UserConfig user = new UserConfig(environment);
      Credentials credentials = new Credentials(settings, environment, user, processes);
      return new Lookup.Found(new LocalRepository(path, user, credentials, clock));
    } catch (Refusal refusal) {
      return new Lookup.None(refusal.reason());
    } catch (IOException | InvalidPathException e) {
      return new Lookup.None("%s cannot be looked at: %s".formatted(folder, e.getMessage()));
    }
  }
}
