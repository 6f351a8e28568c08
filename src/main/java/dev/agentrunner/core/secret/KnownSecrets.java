package dev.agentrunner.core.secret;

import dev.agentrunner.core.task.ProviderSettings;
import dev.agentrunner.core.task.ProviderSettings.KeySource;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Telling.Webhook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the values that are known to be secret: by who names them, or by their own name. */
public final class KnownSecrets {

  /** Shorter values, such as {@code true}, stand in too many texts that are no secret. */
  private static final int LENGTH_MIN = 8;

  /** A path shorter than this is a name, such as {@code /hooks/agent-runner}. */
  private static final int TELLING_LENGTH_MIN = 24;

  private static final List<String> WORDS =
      List.of(
          "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "API_KEY");
  private static final List<String> ENDS = List.of("_KEY", "_PASS", "_PWD", "_PAT", "_AUTH");

  private static final KeySource NO_KEY = new KeySource.Variable("");

  private KnownSecrets() {}

  /** Those in {@code environment}, before any settings are read. */
  public static List<Secret> of(Map<String, String> environment) {
    List<Secret> secrets = new ArrayList<>();
    add(environment, Set.of(), secrets);
    return kept(secrets);
  }

  /** Those in {@code environment}, and those that {@code settings} name or hold. */
  public static List<Secret> of(Map<String, String> environment, Settings settings) {
    Set<String> keys = new HashSet<>();
    List<Secret> secrets = new ArrayList<>();
    for (ProviderSettings provider : settings.providers().values()) {
      switch (provider.key().orElse(NO_KEY)) {
        case KeySource.Variable(String name) -> keys.add(name);
        case KeySource.Plain(String value) ->
            secrets.add(new Secret("key of provider " + provider.name(), value.strip()));
      }
    }
    settings.telling().notifications().stream()
        .flatMap(one -> one.webhook().stream())
        .forEach(webhook -> add(webhook, keys, secrets));
    add(environment, keys, secrets);
    settings.hooks().values().forEach(hook -> add(hook.environment(), keys, secrets));
    return kept(secrets);
  }

  /** Many addresses of this kind are secret themselves: whoever knows one can post to it. */
  private static void add(Webhook webhook, Set<String> keys, List<Secret> secrets) {
    webhook.secretVariable().ifPresent(keys::add);
    switch (webhook.address()) {
      case KeySource.Variable(String name) -> keys.add(name);
      case KeySource.Plain(String address) -> {
        int path = address.indexOf('/', address.indexOf("://") + 3);
        if (path >= 0 && address.length() - path >= TELLING_LENGTH_MIN) {
          secrets.add(new Secret("address of a webhook", address.substring(path)));
        }
      }
    }
  }

  private static void add(Map<String, String> environment, Set<String> keys, List<Secret> secrets) {
    environment.forEach((name, value) -> {
      if (keys.contains(name) || isNamedSecret(name)) {
        secrets.add(new Secret(name, value.strip()));
      } else {
        passwordIn(value).ifPresent(password -> secrets.add(new Secret(name, password)));
      }
    });
  }

  private static List<Secret> kept(List<Secret> secrets) {
    return secrets.stream()
        .filter(secret -> secret.value().length() >= LENGTH_MIN && !isFile(secret.value()))
        .toList();
  }

  /** Whether a variable of that name is likely to hold a secret. */
  static boolean isNamedSecret(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    // MAX_OUTPUT_TOKENS and the like count something.
    return !upper.endsWith("TOKENS")
        && (WORDS.stream().anyMatch(upper::contains) || ENDS.stream().anyMatch(upper::endsWith));
  }

  /** Where a key lies is no secret; no encoding of one has both a slash first and a dot. */
  private static boolean isFile(String value) {
    return value.startsWith("/") && value.contains(".") && !value.contains("\n");
  }

  private static Optional<String> passwordIn(String address) {
    int scheme = address.indexOf("://");
    int at = address.lastIndexOf('@');
    int colon = scheme < 0 ? -1 : address.indexOf(':', scheme + 3);
    return colon >= 0 && colon < at
        ? Optional.of(address.substring(colon + 1, at))
        : Optional.empty();
  }
}
