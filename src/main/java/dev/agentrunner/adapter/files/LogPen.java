package dev.agentrunner.adapter.files;

import dev.agentrunner.adapter.files.LogScan.End;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.json.EventJson;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.EventLog.LostRunException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds lines to one log: one write and one flush to the disk a time.
 *
 * <p>A write that fails is taken back, so that the log still ends with a whole line. A flush that
 * fails is never tried again: the system may have dropped what it could not write and report
 * success the next time. From then on the pen refuses; whoever opens the log next sees what really
 * stands there.
 */
final class LogPen implements AutoCloseable {

  private final RunId run;
  private final Path file;
  private final EventJson json;
  private final FileChannel out;
  private final @Nullable Object fileKey;
  private End end;
  private @Nullable IOException broken;

  /**
   * @param out opened to append to {@code file}
   * @param end where the lines end; what is behind is torn and taken away
   */
  LogPen(RunId run, Path file, EventJson json, FileChannel out, End end) throws IOException {
    this.run = run;
    this.file = file;
    this.json = json;
    this.out = out;
    this.end = end;
    if (out.size() > end.bytes()) {
      out.truncate(end.bytes());
      out.force(true);
    }
    this.fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** As {@link dev.agentrunner.port.EventLog#append} says. */
  void append(List<Recorded> events) {
    if (broken != null) {
      throw new EnvironmentException(
          "An earlier write to %s failed (%s), and nothing more is written to it. Mend that, then resume the run."
              .formatted(file, broken.getMessage()),
          broken);
    }
    var batch = new ByteArrayOutputStream();
    End next = end;
    for (Recorded recorded : events) {
      next = next.plus(line(recorded, next, batch));
    }
    checkUntouched();
    write(ByteBuffer.wrap(batch.toByteArray()));
    flush();
    end = next;
  }

  private byte[] line(Recorded recorded, End before, ByteArrayOutputStream batch) {
    if (recorded.seq() != before.seq() + 1) {
      throw new LostRunException(
          "event %d does not follow event %d, the last one in %s: another run has written to it. Stopped; see: agent-runner status"
              .formatted(recorded.seq(), before.seq(), file));
    }
    byte[] line = json.write(run, recorded, before.digest());
    if (line.length > LogLines.LINE_BYTES_MAX) {
      throw new EnvironmentException(
          "Event %d takes %d bytes, more than a line of %s can. Begin a new run with smaller files or hook outputs."
              .formatted(recorded.seq(), line.length, file));
    }
    batch.writeBytes(line);
    batch.write('\n');
    return line;
  }

  private void checkUntouched() {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw DiskTrouble.cannot("write", file, e);
    }
    if (now.size() != end.bytes() || !Objects.equals(now.fileKey(), fileKey)) {
      throw new LostRunException(
          "somebody else has written to %s. Stopped; see: agent-runner status".formatted(file));
    }
  }

  private void write(ByteBuffer batch) {
    try {
      while (batch.hasRemaining()) {
        out.write(batch);
      }
    } catch (IOException e) {
      takeBack(e);
      throw DiskTrouble.cannot("write", file, e);
    }
  }

  private void takeBack(IOException cause) {
    try {
      out.truncate(end.bytes());
    } catch (IOException e) {
      cause.addSuppressed(e);
      broken = cause;
    }
  }

  private void flush() {
    try {
      out.force(false);
    } catch (IOException e) {
      broken = e;
      throw DiskTrouble.cannot("write", file, e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
