package dev.agentrunner.adapter.git;

import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Command;
import dev.agentrunner.core.task.GitSettings;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.StopSignal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.NetRC;
import org.eclipse.jgit.transport.URIish;

/**
 * Names and passwords for servers, from where the user keeps them: the address itself, the
 * environment, git's credential helper as the user configured it, {@code ~/.netrc}. They go to the
 * server they are for, over https or to this very machine, and nowhere else.
 */
final class Credentials {

  private static final Duration HELPER_TIME = Duration.ofSeconds(20);
  private static final String ASK_HELPER =
      "printf 'protocol=%s\\nhost=%s\\n\\n' \"$ASKED_PROTOCOL\" \"$ASKED_HOST\" | git credential fill 2>/dev/null";

  /** What a server accepts for a password if the name does not matter to it. */
  private static final String ANY_NAME = "x-access-token";

  private final GitSettings settings;
  private final Map<String, String> environment;
  private final UserConfig user;
  private final Processes processes;

  Credentials(
      GitSettings settings, Map<String, String> environment, UserConfig user, Processes processes) {
    this.settings = settings;
    this.environment = Map.copyOf(environment);
    this.user = user;
    this.processes = processes;
  }

  record Login(String name, String password) {

    @Override
    public String toString() {
      return "a login";
    }
  }

  /**
   * The provider for one conversation.
   *
   * @param configured whether the user named the server: only then does it get the token of the
   *     environment
   */
  CredentialsProvider forServer(URI server, boolean configured) {
    return new CredentialsProvider() {
      @Override
      public boolean isInteractive() {
        return false;
      }

      @Override
      public boolean supports(CredentialItem... items) {
        return Stream.of(items)
            .allMatch(item ->
                item instanceof CredentialItem.Username || item instanceof CredentialItem.Password);
      }

      @Override
      public boolean get(URIish uri, CredentialItem... items) {
        if (!supports(items) || !isServer(uri, server) || !isPrivate(server)) {
          return false;
        }
        Optional<Login> login = login(server, configured);
        login.ifPresent(found -> fill(found, items));
        return login.isPresent();
      }
    };
  }

  private static void fill(Login login, CredentialItem... items) {
    for (CredentialItem item : items) {
      if (item instanceof CredentialItem.Username name) {
        name.setValue(login.name());
      } else if (item instanceof CredentialItem.Password password) {
        password.setValue(login.password().toCharArray());
      }
    }
  }

  private static boolean isServer(URIish asked, URI server) {
    return server.getHost().equalsIgnoreCase(asked.getHost())
        && server.getScheme().equalsIgnoreCase(asked.getScheme())
        && server.getPort() == asked.getPort();
  }

  private static boolean isPrivate(URI server) {
    return server.getScheme().equalsIgnoreCase("https")
        || server.getHost().matches("localhost|127\\.[0-9.]+|\\[::1\\]");
  }

  private Optional<Login> login(URI server, boolean configured) {
    return written(server)
        .or(() -> configured ? fromEnvironment(server) : Optional.empty())
        .or(() -> user.hasCredentialHelper() ? fromHelper(server) : Optional.empty())
        .or(() -> fromNetrc(server));
  }

  private static Optional<Login> written(URI server) {
    return Optional.ofNullable(server.getUserInfo())
        .filter(info -> info.indexOf(':') > 0)
        .map(info ->
            new Login(info.substring(0, info.indexOf(':')), info.substring(info.indexOf(':') + 1)));
  }

  private Optional<Login> fromEnvironment(URI server) {
    return settings
        .tokenVariable()
        .flatMap(this::variable)
        .map(token ->
            new Login(
                settings
                    .usernameVariable()
                    .flatMap(this::variable)
                    .or(() -> Optional.ofNullable(server.getUserInfo()))
                    .orElse(ANY_NAME),
                token));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Asked for from outside of any repository, so that none can name a helper of its own. */
  private Optional<Login> fromHelper(URI server) {
    String host = server.getHost() + (server.getPort() < 0 ? "" : ":" + server.getPort());
    HookResult result =
        processes.run(
            new Processes.Job(
                new Command.Shell(ASK_HELPER),
                "/",
                Map.of(
                    "ASKED_PROTOCOL", server.getScheme(),
                    "ASKED_HOST", host,
                    "GIT_TERMINAL_PROMPT", "0",
                    "GIT_CEILING_DIRECTORIES", "/",
                    "GIT_ASKPASS", "true",
                    "SSH_ASKPASS", "true"),
                HELPER_TIME,
                Optional.empty()),
            chunk -> {},
            new StopSignal());
    if (!result.passed()) {
      return Optional.empty();
    }
    Map<String, String> told = new HashMap<>();
    result
        .output()
        .lines()
        .filter(line -> line.indexOf('=') > 0)
        .forEach(line ->
            told.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    String password = told.getOrDefault("password", "");
    return password.isEmpty()
        ? Optional.empty()
        : Optional.of(new Login(told.getOrDefault("username", ANY_NAME), password));
  }

  private Optional<Login> fromNetrc(URI server) {
    return user.home()
        .map(home -> new NetRC(home.resolve(".netrc").toFile()).getEntry(server.getHost()))
        .filter(entry -> entry.login != null && entry.password != null)
        .map(entry -> new Login(entry.login, new String(entry.password)));
  }
}
