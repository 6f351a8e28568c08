package dev.agentrunner.adapter.files;

import dev.agentrunner.json.Bodies;
import dev.agentrunner.port.EnvironmentException;
import java.util.Optional;

/** Keeps long texts of a log among the run's artifacts. */
record ArtifactBodies(FileArtifacts artifacts) implements Bodies {

  @Override
  public Optional<String> keep(byte[] utf8) {
    return Optional.of(artifacts.keep(utf8));
  }

  @Override
  public byte[] find(String digest) {
    return artifacts
        .find(digest)
        .orElseThrow(() ->
            new EnvironmentException(
                ("The log names an artifact that is missing or damaged: %s. Put it back from a"
                        + " backup, or start a new run.")
                    .formatted(artifacts.place(digest))));
  }
}
