package dev.agentrunner.adapter.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import okio.BufferedSource;

/**
 * Cuts a reply into lines as it comes in. A line ends in {@code \n}, {@code \r\n} or {@code \r} and
 * is handed out as soon as its end is there, without waiting for what follows. Lines are UTF-8; a
 * byte order mark before the first is dropped, bytes that are no UTF-8 become U+FFFD. Not safe for
 * use by several threads.
 */
public final class LineReader {

  /** Longer than any line of a real reply. */
  public static final int LINE_BYTES_MAX = 32 << 20;

  private final BufferedSource source;
  private final int lineBytesMax;
  private final byte[] chunk = new byte[8192];
  private int chunkStart;
  private int chunkEnd;
  private byte[] line = new byte[1024];
  private int lineLength;
  private boolean afterCarriageReturn;
  private boolean first = true;

  public LineReader(BufferedSource source) {
    this(source, LINE_BYTES_MAX);
  }

  public LineReader(BufferedSource source, int lineBytesMax) {
    this.source = source;
    this.lineBytesMax = lineBytesMax;
  }

  /**
   * The next line without its end; empty when there are no more. What stands behind the last line
   * end counts as a line unless it is empty.
   *
   * @throws OversizeException if the line is too long
   */
  public Optional<String> next() throws IOException {
    while (true) {
      if (chunkStart == chunkEnd) {
        int read = source.read(chunk, 0, chunk.length);
        if (read < 0) {
          return lineLength == 0 ? Optional.empty() : Optional.of(take());
        }
        chunkStart = 0;
        chunkEnd = read;
      }
      // The \n of a \r\n may come long after its \r, so the line was handed out at the \r.
      if (afterCarriageReturn && chunkStart < chunkEnd) {
        afterCarriageReturn = false;
        if (chunk[chunkStart] == '\n') {
          chunkStart++;
        }
      }
      int end = chunkStart;
      while (end < chunkEnd && chunk[end] != '\n' && chunk[end] != '\r') {
        end++;
      }
      keep(chunkStart, end);
      if (end < chunkEnd) {
        afterCarriageReturn = chunk[end] == '\r';
        chunkStart = end + 1;
        return Optional.of(take());
      }
      chunkStart = end;
    }
  }

  private void keep(int from, int to) throws OversizeException {
    int grown = lineLength + (to - from);
    if (grown > lineBytesMax) {
      throw new OversizeException("a line of more than " + lineBytesMax + " bytes");
    }
    if (grown > line.length) {
      line = Arrays.copyOf(line, Math.max(grown, Math.min(lineBytesMax, line.length * 2)));
    }
    System.arraycopy(chunk, from, line, lineLength, to - from);
    lineLength = grown;
  }

  private String take() {
    String text = new String(line, 0, lineLength, StandardCharsets.UTF_8);
    lineLength = 0;
    if (first) {
      first = false;
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
    return text;
  }
}
