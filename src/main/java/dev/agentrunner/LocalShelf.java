package dev.agentrunner;

import dev.agentrunner.core.queue.ArtifactRecord;
import dev.agentrunner.server.Shelf;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Artifacts that lie on this machine. */
final class LocalShelf implements Shelf {

  @Override
  public Optional<InputStream> open(ArtifactRecord artifact, long from) throws IOException {
    try {
      FileChannel file =
          FileChannel.open(Path.of(URI.create(artifact.uri())), StandardOpenOption.READ);
      return Optional.of(Channels.newInputStream(file.position(from)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
