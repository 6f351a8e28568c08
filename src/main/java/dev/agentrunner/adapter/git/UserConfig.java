package dev.agentrunner.adapter.git;

import dev.agentrunner.core.task.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;

/** What the user has configured for all repositories; read, and nothing in it run. */
final class UserConfig {

  private final Map<String, String> environment;

  UserConfig(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Who commits: as {@code repository} says, or the user's own files. */
  Optional<Identity> identity(Config repository) {
    Optional<String> name = value(repository, "name");
    Optional<String> mail = value(repository, "email");
    return name.flatMap(n -> mail.flatMap(m -> Identity.of(n + " <" + m + ">")));
  }

  private Optional<String> value(Config repository, String key) {
    return Stream.concat(Stream.of(repository), files())
        .flatMap(config -> Stream.ofNullable(config.getString("user", null, key)))
        .filter(text -> !text.isBlank())
        .findFirst();
  }

  /** Whether there is a program to ask for passwords. */
  boolean hasCredentialHelper() {
    return files()
        .anyMatch(config ->
            config.getString("credential", null, "helper") != null
                || config.getSubsections("credential").stream()
                    .anyMatch(host -> config.getString("credential", host, "helper") != null));
  }

  Optional<Path> home() {
    return Optional.ofNullable(environment.get("HOME"))
        .filter(home -> !home.isEmpty())
        .map(Path::of);
  }

  /** The nearest first. */
  private Stream<Config> files() {
    Optional<Path> folder =
        Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .or(() -> home().map(home -> home.resolve(".config")));
    return Stream.of(
            home().map(home -> home.resolve(".gitconfig")),
            folder.map(path -> path.resolve("git").resolve("config")),
            Optional.of(Path.of("/etc/gitconfig"))
                .filter(file -> !environment.containsKey("GIT_CONFIG_NOSYSTEM")))
        .flatMap(Optional::stream)
        .map(UserConfig::read);
  }

  private static Config read(Path file) {
    FileBasedConfig config = new FileBasedConfig(file.toFile(), new StillFiles());
    try {
      config.load();
      return config;
    } catch (IOException | ConfigInvalidException e) {
      return new Config(); // git itself will tell the user what is wrong with it.
    }
  }
}
