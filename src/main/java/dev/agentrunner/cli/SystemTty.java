package dev.agentrunner.cli;

import dev.agentrunner.port.EnvironmentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.Signals;

/**
 * The terminal this process was started on: keys from standard input, drawn on by standard error.
 * Keys come one by one and are not echoed; Ctrl+C and the like stay signals.
 */
final class SystemTty implements Tty {

  // Starts fastest, needs no foreign functions, and knows how to live in a native image.
  private static final String PROVIDER = "jni";

  private final Terminal terminal;
  private final List<Runnable> returned = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Attributes found;
  private final TypedKeys keys;

  /** Fair, as whoever reads keys does hardly anything else. */
  private final Lock reading = new ReentrantLock(true);

  private volatile boolean lent;

  private SystemTty(Terminal terminal) {
    this.terminal = terminal;
    this.found = terminal.getAttributes();
    this.keys = TypedKeys.of(terminal);
  }

  /** Whether there is one, and somebody who looks at it: in CI it is but a log, read later. */
  static boolean isWatched() {
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault("CI", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb")
        && isThere();
  }

  /** Whether there is one to draw on and to read keys from. */
  static boolean isThere() {
    try {
      TerminalProvider provider = TerminalProvider.load(PROVIDER);
      return provider.isSystemStream(SystemStream.Input)
          && provider.isSystemStream(SystemStream.Error);
    } catch (IOException | LinkageError unknownSystem) {
      return false;
    }
  }

  static SystemTty open(Charset charset) {
    try {
      Terminal terminal = terminal(charset);
      if (isLeftRaw(terminal.getAttributes())) {
        terminal.close();
        repair();
        terminal = terminal(charset);
      }
      SystemTty tty = new SystemTty(terminal);
      tty.readKeys();
      // Whoever comes back from the background finds the modes that the shell had.
      Signals.register("CONT", tty::comeBack);
      return tty;
    } catch (IOException e) {
      throw new EnvironmentException(
          "The terminal cannot be drawn on: %s. Use -o plain.".formatted(e.getMessage()), e);
    }
  }

  private static Terminal terminal(Charset charset) throws IOException {
    return TerminalBuilder.builder()
        .system(true)
        .systemOutput(TerminalBuilder.SystemOutput.SysErr)
        .provider(PROVIDER)
        .dumb(false)
        .encoding(charset)
        .nativeSignals(false)
        .graphemeCluster(false) // Asking the terminal takes time and leaves its answer in the way.
        .build();
  }

  /** Somebody before us was killed, or went away without tidying up. */
  private static boolean isLeftRaw(Attributes found) {
    return !found.getLocalFlag(LocalFlag.ICANON) && !found.getLocalFlag(LocalFlag.ECHO);
  }

  /** By the system's own program, as JLine only ever brings back what it found. */
  private static void repair() throws IOException {
    try {
      new ProcessBuilder("stty", "sane").inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not quite what is called raw: there, Ctrl+C would be a key like others. */
  private void readKeys() {
    if (closed.get() || lent) {
      return;
    }
    Attributes keys = new Attributes(terminal.getAttributes());
    keys.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN), false);
    keys.setLocalFlag(LocalFlag.ISIG, true);
    keys.setInputFlags(EnumSet.of(InputFlag.ICRNL, InputFlag.INLCR, InputFlag.IXON), false);
    keys.setControlChar(ControlChar.VMIN, 0);
    keys.setControlChar(ControlChar.VTIME, TypedKeys.PATIENCE_TENTHS);
    terminal.setAttributes(keys);
  }

  private void comeBack() {
    readKeys();
    returned.forEach(Runnable::run);
  }

  @Override
  public void onReturn(Runnable action) {
    returned.add(action);
  }

  @Override
  public <T> T lend(Supplier<T> action) {
    reading.lock();
    try {
      lent = true;
      if (!closed.get()) {
        terminal.setAttributes(found);
      }
      return action.get();
    } finally {
      lent = false;
      readKeys();
      reading.unlock();
    }
  }

  @Override
  public int columns() {
    int columns = terminal.getSize().getColumns();
    return columns > 0 ? columns : 80;
  }

  @Override
  public int rows() {
    int rows = terminal.getSize().getRows();
    return rows > 0 ? rows : 24;
  }

  @Override
  public void write(String text) {
    terminal.writer().write(text);
    terminal.writer().flush();
  }

  @Override
  public int read(long patienceMillis) {
    reading.lock();
    try {
      return closed.get() ? GONE : keys.read(patienceMillis);
    } catch (InterruptedIOException e) {
      return NOTHING;
    } catch (IOException e) {
      return GONE;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      terminal.close();
    } catch (IOException e) {
      // It went away, and its modes with it.
    }
  }
}
