package dev.agentrunner.engine;

import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.port.Processes;
import java.util.Optional;
import java.util.function.Supplier;

/** What a tool call is going to do, before it does it: look, change a file, or run something. */
sealed interface Planned {

  /**
   * What the model is told.
   *
   * @param text never empty
   * @param quoted whether it is what a file holds or a command prints, not our own words
   */
  record Said(String text, boolean failed, boolean quoted) {

    static Said fine(String text) {
      return new Said(text, false, true);
    }

    static Said wrong(String text) {
      return new Said(text, true, false);
    }
  }

  /** Look something up. */
  record Reads(Supplier<Said> answer) implements Planned {}

  /**
   * Change a file.
   *
   * @param before what it holds now; empty if there is none
   * @param note what the model is told once it is done
   */
  record Writes(FileChange change, Optional<byte[]> before, byte[] after, String note)
      implements Planned {}

  /**
   * Start a program; what it prints is told to the model.
   *
   * @param repeatable whether running it again after it was cut off is as good as running it once
   */
  record Runs(Processes.Job job, boolean repeatable) implements Planned {}

  /** Change nothing, though the model wanted a file changed. */
  record Refused(String path, String reason) implements Planned {}

  /** No file that an agent writes is larger. */
  int FILE_BYTES_MAX = 8 << 20;

  /** {@code planned}, unless it would make a file that is too large. */
  static Planned bounded(Planned planned) {
    return planned instanceof Writes writes && writes.after().length > FILE_BYTES_MAX
        ? new Refused(
            writes.change().path(),
            "%s would be too large: %d bytes, and %d are the most"
                .formatted(writes.change().path(), writes.after().length, FILE_BYTES_MAX))
        : planned;
  }
}
