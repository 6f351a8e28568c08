package dev.agentrunner.adapter.files;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.json.UnreadableJsonException;
import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a log from its beginning. The first line that is not what was written ends it with an
 * {@link EnvironmentException} that names the line; a torn last line is passed over, since it was
 * never reported as written.
 */
final class LogScan {

  private final RunId run;
  private final Path file;
  private final EventJson json;

  LogScan(RunId run, Path file, EventJson json) {
    this.run = run;
    this.file = file;
    this.json = json;
  }

  /**
   * Where a log ends.
   *
   * @param seq position of the last event
   * @param digest of the last line, for the next one to name
   * @param bytes that the lines take, without what may be torn behind them
   */
  record End(long seq, String digest, long bytes) {

    static final End EMPTY = new End(0, EventJson.NO_LINE, 0);

    End plus(byte[] line) {
      return new End(seq + 1, EventJson.digest(line, 0, line.length), bytes + line.length + 1);
    }
  }

  /** Hands on what is past {@code after}, with every line checked against the one before. */
  End checking(long after, Consumer<Recorded> reader) {
    long seq = 0;
    String digest = EventJson.NO_LINE;
    try (LogLines lines = LogLines.of(file)) {
      while (lines.next()) {
        seq++;
        EventJson.Line line = line(lines, seq);
        if (!line.prev().equals(digest)) {
          throw seq == 1
              ? damaged(seq, "it is not the first line of a log")
              : damaged(seq, "it does not follow line %d as that stands now".formatted(seq - 1));
        }
        digest = EventJson.digest(lines.buffer(), lines.from(), lines.length());
        if (seq > after) {
          reader.accept(line.recorded());
        }
      }
      return new End(seq, digest, lines.passed());
    } catch (NoSuchFileException e) {
      return End.EMPTY;
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  /** Hands on what is past {@code after}, as it stands; what is before is not even looked at. */
  void glancing(long after, Consumer<Recorded> reader) {
    long seq = 0;
    try (LogLines lines = LogLines.of(file)) {
      while (lines.next()) {
        seq++;
        if (seq > after) {
          reader.accept(line(lines, seq).recorded());
        }
      }
    } catch (NoSuchFileException e) {
      // A run that is not known has no events.
    } catch (IOException e) {
      throw DiskTrouble.cannot("read", file, e);
    }
  }

  /** The line that {@code lines} stand at, which must be event {@code seq}. */
  EventJson.Line line(LogLines lines, long seq) {
    EventJson.Line line;
    try {
      line = json.read(lines.buffer(), lines.from(), lines.length());
    } catch (UnreadableJsonException e) {
      throw damaged(seq, String.valueOf(e.getMessage()));
    }
    if (line.recorded().seq() != seq) {
      throw damaged(seq, "it holds event " + line.recorded().seq());
    }
    if (!line.run().equals(run)) {
      throw damaged(seq, "it is of run " + line.run());
    }
    return line;
  }

  private EnvironmentException damaged(long line, String how) {
    return new EnvironmentException(
        "%s:%d is not what was written: %s. Nothing was changed. Put the file back from a backup, or start a new run."
            .formatted(file, line, how));
  }
}
