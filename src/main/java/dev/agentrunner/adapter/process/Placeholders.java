package dev.agentrunner.adapter.process;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Empty folders that stand where something protected is missing, as long as a command runs that
 * could make it. Removed when no command needs them; were one removed before, the kernel would take
 * the protection away with it. Safe for use by many threads.
 */
final class Placeholders {

  private final Map<Path, Integer> users = new HashMap<>();

  /**
   * @throws IOException if one cannot be made; then none is left
   */
  synchronized void put(List<Path> paths) throws IOException {
    List<Path> done = new ArrayList<>();
    try {
      for (Path path : paths) {
        if (users.containsKey(path) || made(path)) {
          users.merge(path, 1, Integer::sum);
          done.add(path);
        }
      }
    } catch (IOException e) {
      remove(done);
      throw e;
    }
  }

  /** Whether it is ours; somebody may have put something there meanwhile. */
  private static boolean made(Path path) throws IOException {
    try {
      Files.createDirectory(path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  synchronized void remove(List<Path> paths) {
    for (Path path : paths) {
      if (users.containsKey(path) && users.merge(path, -1, Integer::sum) == 0) {
        users.remove(path);
        delete(path);
      }
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Somebody else's by now.
    } catch (IOException e) {
      // An empty folder stays behind, and is taken for what it is next time.
    }
  }
}
