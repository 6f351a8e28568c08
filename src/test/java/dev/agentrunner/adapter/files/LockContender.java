package dev.agentrunner.adapter.files;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process that takes the lock of the project named, says whether it got it, and waits to be
 * killed.
 */
final class LockContender {

  private LockContender() {}

  public static void main(String[] project) throws IOException {
    try (ProjectLock lock = ProjectLock.take(new RunFolders(Path.of(project[0])), Instant.now())) {
      System.out.println(lock.stillOurs() ? "taken" : "lost");
      int end = System.in.read();
      System.out.println("ended by " + end);
    } catch (EnvironmentException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
