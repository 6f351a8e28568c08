package dev.agentrunner.adapter.command;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.ProviderSettings.Timeouts;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A provider that is an agent's command line, as it was configured.
 *
 * @param provider its name
 * @param words the program, and what always follows it
 * @param more words after the flags of ours
 * @param environment further variables it is to have
 * @param limitPatterns the user's own, in place of those that ship
 */
record CommandSettings(
    String provider,
    Preset preset,
    List<String> words,
    List<String> more,
    PromptWay promptWay,
    Permissions permissions,
    Billing billing,
    Optional<KeySource> key,
    List<String> environment,
    Optional<Path> limitPatterns,
    Timeouts timeouts) {

  /** Who is meant to pay. */
  enum Billing {
    UNSAID,
    SUBSCRIPTION,
    API_KEY
  }

  CommandSettings {
    words = List.copyOf(words);
    more = List.copyOf(more);
    environment = List.copyOf(environment);
  }

  /**
   * @param project where paths begin
   * @throws UsageException if something is missing
   */
  static CommandSettings of(ProviderSettings settings, Path project) {
    String name = settings.name();
    Preset preset =
        Preset.named(settings.options().getOrDefault("preset", name))
            .orElseThrow(() ->
                new UsageException(
                    "provider %s has no preset: write 'preset: …' under providers.%s; it can be: %s"
                        .formatted(name, name, String.join(", ", Preset.names()))));
    List<String> words = settings.lists().getOrDefault("command", preset.dialect().program());
    if (words.isEmpty()) {
      throw new UsageException(
          "provider %s does not say what to start: write 'command: [program, argument]' under providers.%s"
              .formatted(name, name));
    }
    if (words.size() == 1 && words.getFirst().contains(" ")) {
      throw new UsageException(
          "providers.%s.command: no shell reads it; write each word by itself: [%s]"
              .formatted(name, String.join(", ", words.getFirst().split(" +"))));
    }
    return new CommandSettings(
        name,
        preset,
        words,
        settings.lists().getOrDefault("args", List.of()),
        chosen(settings, "prompt", PromptWay.class).orElse(preset.dialect().promptWay()),
        chosen(settings, "permissions", Permissions.class).orElse(Permissions.EDIT),
        chosen(settings, "billing", Billing.class).orElse(Billing.UNSAID),
        settings.key(),
        settings.lists().getOrDefault("env", List.of()),
        Optional.ofNullable(settings.options().get("limit_patterns")).map(project::resolve),
        settings.timeouts());
  }

  private static <E extends Enum<E>> Optional<E> chosen(
      ProviderSettings settings, String option, Class<E> choices) {
    return Optional.ofNullable(settings.options().get(option))
        .map(word -> Enum.valueOf(choices, word.toUpperCase(Locale.ROOT)));
  }

  /**
   * @param folder where it is to work
   * @throws EnvironmentException if there is no such program
   */
  void requireProgram(Path folder, Map<String, String> environment) {
    String program = words.getFirst();
    boolean path = program.contains("/") || program.contains("\\");
    boolean there =
        path
            ? Files.isExecutable(folder.resolve(program))
            : found(program, environment.getOrDefault("PATH", ""));
    if (!there) {
      throw new EnvironmentException(
          "provider %s: there is no program '%s'. Get it (%s), or write 'command: [program, …]' under providers.%s."
              .formatted(provider, program, preset.install(), provider));
    }
  }

  private static boolean found(String program, String path) {
    boolean windows = File.separatorChar == '\\';
    List<String> endings = windows ? List.of(".exe", ".cmd", ".bat") : List.of("");
    for (String place : path.split(File.pathSeparator)) {
      for (String ending : endings) {
        Path file = Path.of(place, program + ending);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return true;
        }
      }
    }
    return false;
  }
}
