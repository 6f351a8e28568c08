package dev.agentrunner;

import dev.agentrunner.cli.Workbench.NewFile;
import dev.agentrunner.core.task.FirstSteps;
import dev.agentrunner.port.EnvironmentException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a project that has no settings yet, and gives it some.
 *
 * @param environment the runner's own
 */
record LocalFirstSteps(Path folder, Map<String, String> environment) {

  private static final int BYTES_MAX = 1 << 20;

  FirstSteps look() {
    return FirstSteps.of(
        this::text,
        variable -> !environment.getOrDefault(variable, "").isBlank(),
        this::isInstalled);
  }

  private Optional<String> text(String file) {
    Path path = folder.resolve(file);
    try {
      return Files.isRegularFile(path) && Files.size(path) <= BYTES_MAX
          ? Optional.of(Files.readString(path))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(""); // It is there, whatever it holds.
    }
  }

  private boolean isInstalled(String program) {
    for (String place : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(place, program))) {
        return true;
      }
    }
    return false;
  }

  /** Returns false if it was there. */
  boolean write(NewFile file) {
    Path path = folder.resolve(file.path());
    try {
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, file.text(), StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write %s: %s; see to its permissions, or name another folder with -C DIR"
              .formatted(path, e.getMessage()),
          e);
    }
  }
}
