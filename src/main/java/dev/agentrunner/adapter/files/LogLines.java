package dev.agentrunner.adapter.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Goes through the lines of a file without holding more than one. A last line without a newline is
 * none.
 */
final class LogLines implements AutoCloseable {

  /** No line of ours comes near: texts that are long are kept elsewhere. */
  static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[64 * 1024];
  private int from;
  private int to; // the newline of the current line
  private int filled;
  private long passed;

  private LogLines(InputStream in) {
    this.in = in;
    this.from = 0;
    this.to = -1;
  }

  static LogLines of(Path file) throws IOException {
    return new LogLines(Files.newInputStream(file));
  }

  /**
   * Moves on to the next line.
   *
   * @return whether there is one
   * @throws IOException also if it is longer than {@link #LINE_BYTES_MAX}
   */
  boolean next() throws IOException {
    passed += to + 1 - from;
    from = to + 1;
    int searched = from;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          to = i;
          return true;
        }
      }
      searched = filled - from;
      if (!fill()) {
        to = from - 1;
        return false;
      }
    }
  }

  /**
   * Holds the line until the next {@link #next}, from {@link #from}, {@link #length} bytes without
   * the newline.
   */
  byte[] buffer() {
    return buffer;
  }

  int from() {
    return from;
  }

  int length() {
    return to - from;
  }

  /** How many bytes the lines took that are behind the current one. */
  long passed() {
    return passed;
  }

  /** Whether something without a newline stands at the end, once there is no next line. */
  boolean torn() {
    return filled > from;
  }

  /** Reads more, with the line moved to the front of the buffer; false at the end of the file. */
  private boolean fill() throws IOException {
    filled -= from;
    System.arraycopy(buffer, from, buffer, 0, filled);
    from = 0;
    to = -1;
    if (filled == buffer.length) {
      if (filled >= LINE_BYTES_MAX) {
        throw new IOException("a line is longer than any that was written");
      }
      buffer = Arrays.copyOf(buffer, filled * 2);
    }
    int more = in.read(buffer, filled, buffer.length - filled);
    filled += Math.max(more, 0);
    return more > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
