package dev.agentrunner;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the editor that texts are written in. */
record LocalEditor(Map<String, String> environment) {

  /** As a shell takes it; empty if none is named and none of the usual ones is there. */
  Optional<String> command() {
    return Stream.of("VISUAL", "EDITOR")
        .map(name -> environment.getOrDefault(name, "").strip())
        .filter(named -> !named.isEmpty())
        .findFirst()
        .or(() -> Stream.of("vi", "nano").filter(this::isInstalled).findFirst());
  }

  private boolean isInstalled(String program) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }
}
