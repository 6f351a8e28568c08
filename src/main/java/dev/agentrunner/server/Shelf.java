package dev.agentrunner.server;

import dev.agentrunner.core.queue.ArtifactRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where the bytes of artifacts are. */
public interface Shelf {

  /**
   * The bytes of an artifact.
   *
   * @param from how many of them to leave out at the beginning
   * @return empty if they are gone
   */
  Optional<InputStream> open(ArtifactRecord artifact, long from) throws IOException;
}
