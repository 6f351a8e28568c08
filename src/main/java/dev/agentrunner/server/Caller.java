package dev.agentrunner.server;

import dev.agentrunner.core.queue.ApiKey.Scope;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks.
 *
 * @param name for people
 * @param key id of the key it came with; empty if it needs none
 */
record Caller(String name, Optional<String> key, Set<Scope> scopes) {

  /** Anybody, where everybody may look. */
  static final Caller NOBODY = new Caller("nobody", Optional.empty(), Set.of());

  /** Whoever is on this machine, as long as there is no key. */
  static final Caller LOCAL = new Caller("local", Optional.empty(), Set.of(Scope.ADMIN));

  Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Whether this may be done; a wider scope includes those before it. */
  boolean may(Scope wanted) {
    return scopes.stream().anyMatch(scope -> scope.compareTo(wanted) >= 0);
  }

  /** Whose idempotency keys these are. */
  String owner() {
    return key.orElse(name);
  }
}
