package dev.agentrunner.adapter.files;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A log that another process may still add to, read from its beginning and never twice: what a look
 * costs depends on what is new and not on how long the log is.
 */
public final class FollowedLog implements AutoCloseable {

  private final Path file;
  private final LogScan scan;
  private final LogLines lines;
  private long seq;

  private FollowedLog(Path file, LogScan scan, LogLines lines) {
    this.file = file;
    this.scan = scan;
    this.lines = lines;
  }

  /**
   * @throws dev.agentrunner.port.EnvironmentException if there is none, or it cannot be read
   */
  public static FollowedLog of(RunFolders folders, RunId run) {
    Path file = folders.events(run);
    try {
      return new FollowedLog(
          file, new LogScan(run, file, new EventJson(folders.bodies(run))), LogLines.of(file));
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  /**
   * Hands on what was added since the last call; a line that is still being written comes with a
   * later one.
   *
   * @throws dev.agentrunner.port.EnvironmentException if a line is not what was written
   */
  public void more(Consumer<Recorded> reader) {
    try {
      while (lines.next()) {
        seq++;
        reader.accept(scan.line(lines, seq).recorded());
      }
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw DiskTrouble.cannot("close", file, e);
    }
  }
}
