package dev.agentrunner.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Disks that are full, broken, read-only, or out of bounds. */
final class DiskFaults {

  private final Cases cases;

  DiskFaults(Cases cases) {
    this.cases = cases;
  }

  void check() throws IOException, InterruptedException {
    if (Trace.possible()) {
      for (int k : List.of(1, 2, 5, 9)) {
        cases.tryOut(
            "flush %d of the log fails".formatted(k),
            trial -> {
              failing(trial, "fdatasync", "error=EIO:when=" + k);
            });
      }
      for (int k : List.of(1, 3, 8)) {
        cases.tryOut(
            "flush %d of another file fails".formatted(k),
            trial -> {
              mayFail(trial, "fsync", "error=EIO:when=" + k);
            });
      }
      for (int k : List.of(10, 60)) {
        cases.tryOut(
            "write %d fails".formatted(k),
            trial -> {
              mayFail(trial, "write", "error=EIO:when=" + k);
            });
      }
      for (int k : List.of(5, 20, 40)) {
        cases.tryOut(
            "no space from write %d on".formatted(k),
            trial -> {
              mayFail(trial, "write", "error=ENOSPC:when=" + k + "+");
            });
      }
    } else {
      cases.leaveOut("disks that fail", "strace is missing or may not trace");
    }
    cases.tryOut(
        "few files may be open",
        trial -> {
          bounded(trial, "ulimit -n 64");
        });
    cases.tryOut(
        "files may not grow",
        trial -> {
          bounded(trial, "ulimit -f 24");
        });
    onDiskOfItsOwn("the disk is full", "256k", this::fill);
    onDiskOfItsOwn("the disk is read-only", "8m", this::readOnly);
  }

  private static void failing(Trial trial, String call, String error)
      throws IOException, InterruptedException {
    trial.expectEnd(trial.start(Trace.tampering(call, error)), 5, "");
    trial.finish("run");
  }

  /** Where what fails is no more than a log for people, the run goes on. */
  private static void mayFail(Trial trial, String call, String error)
      throws IOException, InterruptedException {
    Program.Ended ended =
        trial.program().end(trial.start(Trace.tampering(call, error)), trial.ground());
    trial.expect(ended.exit() == 5 || ended.exit() == 0, "ended with %d", ended.exit());
    trial.expect(!ended.output().contains("bug in agent-runner"), "told of a bug");
    trial.lookAtDead();
    trial.finish("run");
  }

  private static void bounded(Trial trial, String bound) throws IOException, InterruptedException {
    List<String> before = List.of("sh", "-c", bound + "; exec \"$@\"", "sh");
    Program.Ended ended = trial.program().end(trial.start(before), trial.ground());
    trial.expect(ended.exit() == 5 || ended.exit() == 0, "ended with %d", ended.exit());
    trial.expect(!ended.output().contains("bug in agent-runner"), "told of a bug");
    trial.lookAtDead();
    trial.finish("run");
  }

  private void onDiskOfItsOwn(String name, String size, Cases.Misfortune misfortune)
      throws IOException, InterruptedException {
    cases.tryOut(
        name,
        trial -> {
          Path disk = trial.ground().home();
          byte[] config = Files.readAllBytes(disk.resolve("config.yml"));
          if (!mount("-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString())) {
            cases.leaveOut(name, "nothing can be mounted here");
            return;
          }
          try {
            Files.write(disk.resolve("config.yml"), config);
            misfortune.on(trial);
          } finally {
            run("umount", disk.toString());
          }
        });
  }

  private void fill(Trial trial) throws IOException, InterruptedException {
    Path disk = trial.ground().home();
    Path filling = disk.resolve("filling");
    Files.write(filling, new byte[200 * 1024]);
    trial.expectEnd(trial.start(), 5, "No space left on device");
    Files.delete(filling);
    mount("-o", "remount,size=8m", disk.toString());
    trial.finish("run");
  }

  private void readOnly(Trial trial) throws IOException, InterruptedException {
    Path disk = trial.ground().home();
    mount("-o", "remount,ro", disk.toString());
    trial.expectEnd(trial.start(), 5, "Read-only file system");
    trial.expect(trial.ground().provider().requests().isEmpty(), "the model was asked");
    mount("-o", "remount,rw", disk.toString());
    trial.finish("run");
  }

  private static boolean mount(String... arguments) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("mount"));
    words.addAll(List.of(arguments));
    return run(words.toArray(String[]::new));
  }

  private static boolean run(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }
}
