package dev.agentrunner;

import dev.agentrunner.cli.Workbench.ReportPlaces;
import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Puts reports into files of this machine, secrets masked. */
final class LocalReports implements ReportPlaces {

  /** GitHub refuses the whole summary of a step above 1 MiB. */
  private static final int SUMMARY_BYTES_MAX = 1 << 20;

  private static final String SUMMARY = "GITHUB_STEP_SUMMARY";
  private static final String CUT = "\n\nThe rest is left out: the summary of a step is full.\n";

  private final Function<String, Path> paths;
  private final Map<String, String> environment;
  private final Supplier<Mask> mask;

  /**
   * @param paths finds a file as it was written
   */
  LocalReports(Function<String, Path> paths, Map<String, String> environment, Supplier<Mask> mask) {
    this.paths = paths;
    this.environment = Map.copyOf(environment);
    this.mask = mask;
  }

  @Override
  public void write(String file, String text) {
    Path path = paths.apply(file).toAbsolutePath();
    Path folder = path.resolveSibling("");
    try {
      Files.createDirectories(folder);
      // Always the same, so that what a kill leaves is gone with the next report.
      Path temporary = folder.resolve("." + path.getFileName() + ".tmp");
      try {
        Files.deleteIfExists(temporary);
        Files.write(temporary, masked(text), StandardOpenOption.CREATE_NEW);
        readable(temporary, path);
        Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw cannot(file, e);
    }
  }

  /** With the permissions of what it takes the place of, or of any new file. */
  private static void readable(Path temporary, Path path) throws IOException {
    if (!temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Path model = path;
    if (!Files.exists(path)) {
      Files.createFile(path);
    }
    Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(model));
  }

  @Override
  public boolean addToStepSummary(String text) {
    Optional<String> file = Optional.ofNullable(environment.get(SUMMARY)).filter(f -> !f.isEmpty());
    if (file.isEmpty()) {
      return false;
    }
    Path path = paths.apply(file.get());
    try {
      long there = Files.exists(path) ? Files.size(path) : 0;
      byte[] whole = masked(text);
      byte[] fitting =
          there + whole.length <= SUMMARY_BYTES_MAX ? whole : cut(whole, SUMMARY_BYTES_MAX - there);
      Files.write(path, fitting, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return true;
    } catch (IOException e) {
      throw cannot(file.get(), e);
    }
  }

  /** Up to the end of a line. */
  private static byte[] cut(byte[] whole, long room) {
    int end = (int) Math.max(0, room - CUT.length());
    while (end > 0 && whole[end - 1] != '\n') {
      end--;
    }
    return end == 0
        ? new byte[0]
        : (new String(whole, 0, end, StandardCharsets.UTF_8) + CUT)
            .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] masked(String text) {
    return mask.get().fileText(text).getBytes(StandardCharsets.UTF_8);
  }

  private static EnvironmentException cannot(String file, IOException e) {
    return new EnvironmentException(
        "cannot write %s: %s %s; see to its permissions and to room on the disk, or name another"
            .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
