package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Platform.Keyring;
import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys}. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Make, list and revoke the keys to a server's API.",
    sortOptions = false)
final class KeysCommand implements Runnable {

  private final Tools tools;

  @Spec private CommandSpec spec;

  KeysCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private Keyring keyring(DatabaseOption database) {
    Platform platform = tools.workbench().platform();
    return platform.keys(database.orOf(platform));
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a key and print its secret, this once.",
      sortOptions = false)
  int create(
      @Parameters(paramLabel = "NAME", description = "Whose key it is, for the log.") String name,
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              description =
                  "read, write or admin; each includes those before. Default: ${DEFAULT-VALUE}.",
              defaultValue = "write")
          Scope scope,
      @Option(
              names = "--days",
              paramLabel = "N",
              description = "How long it opens anything. Default: for ever.")
          Optional<Integer> days,
      @Mixin DatabaseOption database) {
    if (days.filter(n -> n < 1).isPresent()) {
      throw new UsageException("--days: a key must open something for at least a day");
    }
    try (Keyring keys = keyring(database)) {
      tools.screen().out().println(keys.add(name, scope, days.map(Duration::ofDays)));
    }
    tools.screen().err().println("Keep it: it is not shown again.");
    return ExitCode.DONE.number();
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys.")
  int list(@Mixin DatabaseOption database) {
    try (Keyring keys = keyring(database)) {
      keys.all().forEach(key -> tools.screen().out().println(line(key)));
    }
    return ExitCode.DONE.number();
  }

  private static String line(ApiKey key) {
    String scopes =
        key.scopes().stream()
            .sorted()
            .map(scope -> scope.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    String end =
        key.revokedAt()
            .map(at -> "revoked " + at)
            .or(() -> key.expiresAt().map(at -> "until " + at))
            .orElse("for ever");
    return "%s  %s  %s  %s".formatted(key.id(), scopes, end, Screen.harmless(key.name()));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Have a key open nothing from now on.")
  int revoke(
      @Parameters(paramLabel = "ID", description = "As keys list shows it.") String id,
      @Mixin DatabaseOption database) {
    try (Keyring keys = keyring(database)) {
      if (!keys.revoke(id)) {
        throw new UsageException("there is no key %s; see: agent-runner keys list".formatted(id));
      }
    }
    return ExitCode.DONE.number();
  }
}
