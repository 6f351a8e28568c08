package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who pays for an agent, and the environment that sees to it: the other way to pay is kept out.
 *
 * @param credential for people, never a secret
 * @param variables all that the agent gets of the runner's own, and its key
 */
record Account(String credential, boolean metered, Map<String, String> variables) {

  /** What every program needs to find its way about. */
  private static final Set<String> COMMON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "TERM",
          "TZ",
          "TMPDIR",
          "TEMP",
          "TMP",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "NODE_EXTRA_CA_CERTS",
          "APPDATA",
          "LOCALAPPDATA",
          "USERPROFILE",
          "PROGRAMDATA",
          "SYSTEMROOT",
          "COMSPEC",
          "PATHEXT");

  private static final List<String> COMMON_BEGINNINGS = List.of("LC_", "XDG_");

  Account {
    variables = Map.copyOf(variables);
  }

  /**
   * @param environment the runner's own
   * @throws UsageException if it is not clear who is to pay
   * @throws EnvironmentException if who is to pay cannot
   */
  static Account of(CommandSettings settings, Map<String, String> environment) {
    return new Finding(settings, environment).account();
  }

  private static final class Finding {

    private final CommandSettings settings;
    private final Map<String, String> environment;
    private final Credentials credentials;
    private final String name;

    Finding(CommandSettings settings, Map<String, String> environment) {
      this.settings = settings;
      this.environment = environment;
      this.credentials = settings.preset().credentials();
      this.name = settings.provider();
    }

    Account account() {
      Optional<String> login = login();
      List<String> keys = keys();
      return switch (settings.billing()) {
        case UNSAID -> {
          if (login.isPresent() && !keys.isEmpty()) {
            throw unclear(login.get(), keys);
          }
          yield keys.isEmpty() ? subscription(login) : apiKey(keys);
        }
        case SUBSCRIPTION -> subscription(login);
        case API_KEY -> apiKey(keys);
      };
    }

    private UsageException unclear(String login, List<String> keys) {
      return new UsageException(
          "provider %s could be paid in two ways: %s, and the key in %s. Say which is meant: write 'billing: subscription' or 'billing: api_key' under providers.%s."
              .formatted(name, login, String.join(", ", keys), name));
    }

    /** The first login there is, in words. */
    private Optional<String> login() {
      return credentials.tokens().stream()
          .filter(this::isSet)
          .map(token -> "the login in " + token)
          .findFirst()
          .or(() ->
              credentials.logins().stream()
                  .filter(this::isThere)
                  .map(login -> "login of " + settings.preset().word())
                  .findFirst());
    }

    private boolean isSet(String variable) {
      return !environment.getOrDefault(variable, "").isBlank();
    }

    private boolean isThere(Credentials.Login login) {
      String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
      Path folder =
          login
              .variable()
              .filter(this::isSet)
              .map(variable -> Path.of(environment.getOrDefault(variable, "")))
              .orElse(Path.of(home, login.folder()));
      Path file = folder.resolve(login.file());
      return Files.isRegularFile(file) && !(settings.preset() == Preset.CODEX && holdsAKey(file));
    }

    /** Codex keeps a key that it was given at login in the same file. */
    private static boolean holdsAKey(Path file) {
      try {
        JsonNode auth =
            JsonLines.object(Files.readString(file))
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
        return auth.path("OPENAI_API_KEY").isTextual() && !auth.path("tokens").isObject();
      } catch (IOException e) {
        return false;
      }
    }

    private List<String> keys() {
      return settings
          .key()
          .map(key ->
              switch (key) {
                case KeySource.Variable(String variable) ->
                    isSet(variable) ? List.of(variable) : List.<String>of();
                case KeySource.Plain _ -> List.of("the configuration");
              })
          .orElseGet(() -> credentials.keys().stream().filter(this::isSet).toList());
    }

    private Account subscription(Optional<String> login) {
      Map<String, String> variables = common();
      credentials.keys().forEach(variables::remove);
      if (settings.key().orElse(null) instanceof KeySource.Variable(String variable)) {
        variables.remove(variable);
      }
      credentials.tokens().stream()
          .filter(this::isSet)
          .forEach(token -> variables.put(token, environment.getOrDefault(token, "")));
      if (settings.preset() == Preset.GEMINI_CLI) {
        variables.put("GOOGLE_GENAI_USE_GCA", "true");
      }
      return new Account(
          login.orElse(
              "whatever login %s has"
                  .formatted(
                      settings.preset() == Preset.GENERIC
                          ? settings.words().getFirst()
                          : settings.preset().word())),
          false,
          variables);
    }

    private Account apiKey(List<String> keys) {
      if (keys.isEmpty()) {
        throw new EnvironmentException(
            "provider %s is to be paid by API key, and there is none: set %s, or write 'api_key_env: NAME' under providers.%s."
                .formatted(
                    name,
                    credentials.keys().isEmpty()
                        ? "one"
                        : credentials.keys().stream().findFirst().orElse(""),
                    name));
      }
      if (keys.size() > 1 && credentials.keysOfMany()) {
        throw new UsageException(
            "provider %s could be paid with any of %s. Say which is meant: write 'api_key_env: %s' under providers.%s."
                .formatted(name, String.join(", ", keys), keys.getFirst(), name));
      }
      Map<String, String> variables = common();
      credentials.tokens().forEach(variables::remove);
      credentials.keys().forEach(variables::remove);
      variables.put(variableOfChild(keys.getFirst()), secret(keys.getFirst()));
      return new Account(keys.getFirst(), true, variables);
    }

    /** A key under a name of the user's own is handed on under the one that the agent heeds. */
    private String variableOfChild(String key) {
      boolean wellKnown = credentials.keys().contains(key);
      if (settings.preset() == Preset.CODEX) {
        return credentials.keys().getFirst();
      }
      return wellKnown || credentials.keys().isEmpty() || credentials.keysOfMany()
          ? key
          : credentials.keys().getFirst();
    }

    private String secret(String key) {
      return settings.key().orElse(null) instanceof KeySource.Plain(String secret)
          ? secret
          : environment.getOrDefault(key, "");
    }

    private Map<String, String> common() {
      Map<String, String> variables = new HashMap<>();
      List<String> wanted = new ArrayList<>(credentials.settings());
      wanted.addAll(settings.environment());
      environment.forEach((variable, value) -> {
        String upper = variable.toUpperCase(Locale.ROOT);
        if (COMMON.contains(upper)
            || COMMON_BEGINNINGS.stream().anyMatch(upper::startsWith)
            || wanted.stream().anyMatch(pattern -> fits(variable, pattern))) {
          variables.put(variable, value);
        }
      });
      // Not by way of a pattern, but when it is chosen to pay.
      credentials.tokens().forEach(variables::remove);
      return variables;
    }

    private static boolean fits(String variable, String pattern) {
      return pattern.endsWith("*")
          ? variable.startsWith(pattern.substring(0, pattern.length() - 1))
          : variable.equals(pattern);
    }
  }
}
