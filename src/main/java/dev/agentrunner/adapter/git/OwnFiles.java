package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that have the number of the process that made them in their names, so that what a kill left
 * of them can be told from what others are at work on.
 */
final class OwnFiles {

  private static final long MINE = ProcessHandle.current().pid();

  private OwnFiles() {}

  /**
   * @param pattern with a {@code %s} for the number, and no other
   */
  static String name(String pattern) {
    return pattern.formatted(MINE);
  }

  /** Those in {@code folder} whose process is gone; none where there is no such folder. */
  static List<Path> left(Path folder, Pattern names) throws IOException {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher name = names.matcher(file.getFileName().toString());
        if (name.matches() && !isAlive(name.group(1))) {
          left.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever kept.
    }
    return left;
  }

  static void removeLeft(Path folder, Pattern names) throws IOException {
    for (Path file : left(folder, names)) {
      Files.deleteIfExists(file);
    }
  }

  private static boolean isAlive(String process) {
    return ProcessHandle.of(Long.parseLong(process)).isPresent();
  }
}
