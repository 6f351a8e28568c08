package dev.agentrunner.cli;

import dev.agentrunner.core.secret.Mask;
import dev.agentrunner.core.secret.MaskedStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Supplier;

/** Passes on what is printed, with secrets masked. */
final class MaskedOutput extends OutputStream {

  private final OutputStream out;
  private final Supplier<Mask> masks;
  private Mask mask;
  private MaskedStream stream;

  /**
   * @param masks asked for each time, as more secrets may be known later
   */
  MaskedOutput(OutputStream out, Supplier<Mask> masks) {
    this.out = out;
    this.masks = masks;
    this.mask = masks.get();
    this.stream = mask.stream();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    Mask now = masks.get();
    if (!now.equals(mask)) {
      out.write(stream.endOfBytes());
      mask = now;
      stream = now.stream();
    }
    out.write(stream.add(Arrays.copyOfRange(bytes, offset, offset + length)));
  }

  @Override
  public synchronized void flush() throws IOException {
    out.write(stream.flush());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      out.write(stream.endOfBytes());
    }
  }
}
