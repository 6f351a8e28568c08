package dev.agentrunner.adapter.files;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory, mounted for one test; the test is skipped where that is not allowed. */
record SmallDisk(Path folder) implements AutoCloseable {

  /**
   * @param options as {@code mount -o} takes them
   */
  static SmallDisk mounted(String options) throws IOException {
    Path folder = Files.createTempDirectory("small-disk");
    boolean done = ran("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    if (!done) {
      Files.delete(folder);
    }
    assumeTrue(done, "a tmpfs cannot be mounted here");
    return new SmallDisk(folder);
  }

  private static boolean ran(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    ran("umount", folder.toString());
    Files.delete(folder);
  }
}
