package dev.agentrunner.core.run;

import java.time.Instant;
import java.util.Optional;

/**
 * A provider that is not to be asked for now.
 *
 * @param until when it may be asked again; empty if not before a person has acted and the run is
 *     resumed
 */
public record Closed(String provider, Optional<Instant> until) {

  boolean at(Instant now) {
    return until.map(now::isBefore).orElse(true);
  }
}
