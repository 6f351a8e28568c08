package dev.agentrunner.core.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Why there is no reply. Each kind calls for another action; none carries a secret. */
public sealed interface ModelFailure {

  /** For people: what happened, and who must do what. */
  String message();

  /**
   * It may work in a moment: overload, a cut stream, a timeout, a short rate limit.
   *
   * @param retryAfter the provider's hint, a floor for the wait; empty where it gave none
   */
  record Transient(String message, Optional<Duration> retryAfter) implements ModelFailure {}

  /**
   * A quota is used up.
   *
   * @param resetsAt when it is back; empty if the provider did not say
   */
  record Window(String message, Optional<Instant> resetsAt) implements ModelFailure {}

  /** No call of this kind will work until a person acts: key refused, no credit, no such model. */
  record Denied(String message) implements ModelFailure {}

  /** This very request will never work: too long, malformed in the provider's eyes. Others may. */
  record Unusable(String message) implements ModelFailure {}

  /** We gave up the call ourselves. */
  record Canceled(String message) implements ModelFailure {}
}
