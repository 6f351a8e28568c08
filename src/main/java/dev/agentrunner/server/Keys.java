package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey;
import dev.agentrunner.core.queue.ApiKey.Scope;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.UsageException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys to the API. One is told once, as {@code ar_<id>_<secret>}, and kept as the digest of all
 * of that.
 */
public final class Keys {

  private static final Pattern SHAPE = Pattern.compile("ar_([a-z0-9]{10})_[A-Za-z0-9_-]{43}");

  /** How often it is noted that a key was used. */
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private static final int SECRET_BYTES = 32;

  private final Registry registry;
  private final SecureRandom chance;

  public Keys(Registry registry, SecureRandom chance) {
    this.registry = registry;
    this.chance = chance;
  }

  /** A key that was just made, and the one time its secret is known. */
  public record Told(ApiKey key, String secret) {}

  /** Makes a key and keeps its digest. */
  public Told add(String name, Set<Scope> scopes, Instant now, Optional<Instant> expiresAt) {
    byte[] bytes = new byte[SECRET_BYTES];
    chance.nextBytes(bytes);
    String id = id();
    String secret =
        "ar_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var key =
        new ApiKey(
            id, name, digest(secret), scopes, now, expiresAt, Optional.empty(), Optional.empty());
    registry.addKey(key);
    return new Told(key, secret);
  }

  private String id() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      id.append(Character.forDigit(chance.nextInt(36), 36));
    }
    return id.toString();
  }

  /** Whether a key was ever made: from then on nobody comes in without one. */
  boolean exist() {
    return !registry.keys().isEmpty();
  }

  static boolean isLive(ApiKey key, Instant now) {
    return key.revokedAt().isEmpty() && key.expiresAt().map(now::isBefore).orElse(true);
  }

  /** Who comes with a secret; empty if it opens nothing, or not any more. */
  Optional<Caller> caller(String secret, Instant now) {
    if (!SHAPE.matcher(secret).matches()) {
      return Optional.empty();
    }
    String digest = digest(secret);
    Optional<ApiKey> found =
        registry
            .keyOfDigest(digest)
            .filter(key ->
                MessageDigest.isEqual(
                    key.digest().getBytes(StandardCharsets.US_ASCII),
                    digest.getBytes(StandardCharsets.US_ASCII)))
            .filter(key -> isLive(key, now));
    found
        .filter(key -> key.usedAt().map(at -> now.isAfter(at.plus(NOTED_EVERY))).orElse(true))
        .ifPresent(key -> registry.usedKey(key.id(), now));
    return found.map(key -> new Caller(key.name(), Optional.of(key.id()), key.scopes()));
  }

  /** Whether who came in with a key would come in again. */
  boolean stillOpen(Caller caller, Instant now) {
    return caller.key().isEmpty()
        ? !exist()
        : registry.keys().stream()
            .anyMatch(key -> key.id().equals(caller.key().get()) && isLive(key, now));
  }

  /**
   * Refuses to listen where others can reach the server as long as it would let everybody in.
   *
   * @throws UsageException if so; says how to make a key
   */
  public void checkListening(Listening listening, Instant now) {
    List<ApiKey> keys = registry.keys();
    if (!listening.isPrivate() && keys.stream().noneMatch(key -> isLive(key, now))) {
      throw new UsageException(
          "serve would let everybody in who reaches %s: there is no API key that works. Make one first with POST /api-keys while it listens on 127.0.0.1, or listen there."
              .formatted(listening.address()));
    }
  }

  static String digest(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return EventJson.digest(bytes, 0, bytes.length);
  }
}
