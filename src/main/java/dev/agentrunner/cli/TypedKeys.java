package dev.agentrunner.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jline.terminal.Terminal;
import org.jline.utils.OSUtils;

/**
 * The keys typed on a terminal. JLine reads ahead on a thread of its own, which goes on when nobody
 * waits for a key any more and takes the next one from whoever else reads by then, such as an
 * editor. So the terminal itself is told to let a read end after a while, and no other is begun.
 */
interface TypedKeys {

  /** How long the terminal lets a read wait; the mode VTIME counts in tenths of a second. */
  int PATIENCE_TENTHS = 2;

  /**
   * The next character; {@link Tty#NOTHING} if none came.
   *
   * @throws IOException if the terminal went away
   */
  int read(long patienceMillis) throws IOException;

  static TypedKeys of(Terminal terminal) {
    // A console of Windows has no such modes.
    return OSUtils.IS_WINDOWS
        ? patience -> terminal.reader().read(patience)
        : new OfDescriptor(new FileInputStream(FileDescriptor.in), terminal.encoding());
  }

  /** Those of a terminal in the modes of {@link SystemTty}. */
  final class OfDescriptor implements TypedKeys {

    private static final Duration STEP = Duration.ofMillis(1);

    /** A terminal that is there has nobody wait for less than half its time in vain so often. */
    private static final int QUICK_ENDS_MAX = 3;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(256).flip();
    private final CharBuffer characters = CharBuffer.allocate(256).flip();
    private int quickEnds;

    OfDescriptor(InputStream in, Charset charset) {
      this.in = in;
      this.decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    @Override
    public int read(long patienceMillis) throws IOException {
      if (characters.hasRemaining()) {
        return characters.get();
      }
      boolean brief = patienceMillis < PATIENCE_TENTHS * 100L;
      if ((brief && !isThere(patienceMillis)) || !fill()) {
        return Tty.NOTHING;
      }
      return characters.hasRemaining() ? characters.get() : Tty.NOTHING;
    }

    private boolean isThere(long patienceMillis) throws IOException {
      long end = System.nanoTime() + Duration.ofMillis(patienceMillis).toNanos();
      while (in.available() == 0) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        LockSupport.parkNanos(STEP.toNanos());
      }
      return true;
    }

    private boolean fill() throws IOException {
      long began = System.nanoTime();
      bytes.compact();
      int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
      bytes.position(bytes.position() + Math.max(0, read)).flip();
      if (read <= 0) {
        boolean quick =
            System.nanoTime() - began < Duration.ofMillis(PATIENCE_TENTHS * 50L).toNanos();
        quickEnds = quick ? quickEnds + 1 : 0;
        if (quickEnds >= QUICK_ENDS_MAX) {
          throw new IOException("the terminal went away");
        }
        return false;
      }
      quickEnds = 0;
      characters.clear();
      decoder.decode(bytes, characters, false);
      characters.flip();
      return true;
    }
  }
}
