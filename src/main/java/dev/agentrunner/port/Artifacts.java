package dev.agentrunner.port;

import java.util.Optional;

/**
 * Bodies too large or too raw for the log, kept by what they hold. Safe for use by many threads.
 */
public interface Artifacts {

  /** Keeps {@code body} and returns its SHA-256 in hex. Keeping the same body twice is harmless. */
  String keep(byte[] body);

  /** The body with that digest; empty if it was never kept or is damaged. */
  Optional<byte[]> find(String digest);
}
