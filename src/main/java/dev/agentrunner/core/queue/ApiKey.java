package dev.agentrunner.core.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key to the API; the secret itself is nowhere, only its digest.
 *
 * @param id shown to people, also the start of the secret
 * @param digest SHA-256 of the secret, hex
 * @param scopes what may be done with it
 */
public record ApiKey(
    String id,
    String name,
    String digest,
    Set<Scope> scopes,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<Instant> usedAt) {

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  /** What a key allows. A wider one includes those before it. */
  public enum Scope {
    /** Look at everything. */
    READ,
    /** Start runs, steer them, write files of projects. */
    WRITE,
    /** Keys, projects, workers. */
    ADMIN
  }
}
