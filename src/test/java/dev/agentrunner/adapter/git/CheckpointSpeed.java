package dev.agentrunner.adapter.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Measures what a checkpoint costs; not a test. Arguments: a folder on the disk meant, which is
 * filled, and how many files to put into it.
 */
final class CheckpointSpeed {

  private static final int TIMES = 11;

  private CheckpointSpeed() {}

  /** Something to be measured. */
  private interface Act {
    void perform() throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int files = Integer.parseInt(arguments[1]);
    // Old enough for the table to trust them.
    FileTime old = FileTime.from(Instant.now().minusSeconds(3_600));
    for (int i = 0; i < files; i++) {
      Path file = folder.resolve("d" + i / 500 + "/e" + i / 20 % 25 + "/file" + i + ".txt");
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, "file %d%n".formatted(i).repeat(200));
      Files.setLastModifiedTime(file, old);
    }
    InstantSource later = () -> Instant.now().plusSeconds(60);
    var checkpoints = new GitCheckpoints(folder.resolve(".agent-runner/checkpoints.git"), later);
    report("first", 1, () -> checkpoints.take(folder.toString(), Optional.empty()));
    report("nothing changed", TIMES, () -> checkpoints.take(folder.toString(), Optional.empty()));
    Path changed = folder.resolve("d0/e0/file0.txt");
    int[] version = {0};
    report(
        "one file changed",
        TIMES,
        () -> {
          Files.writeString(changed, "version " + version[0]++);
          checkpoints.take(folder.toString(), Optional.empty());
        });
  }

  private static void report(String what, int times, Act act) throws IOException {
    long[] nanos = new long[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      act.perform();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf("%-18s %8.1f ms%n", what, nanos[times / 2] / 1e6);
  }
}
