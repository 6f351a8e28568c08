package dev.agentrunner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.utils.AttributedString;

/**
 * Keeps the picture of a run on the lowest lines of a terminal. One thread of its own writes, ten
 * times a second at most, and only what has changed; whoever prints or tells of a change never
 * waits for the terminal.
 */
final class LiveScreen implements AutoCloseable {

  private static final long FRAME_MILLIS = 100;

  private final Tty tty;
  private final Picture picture;
  private final Supplier<Optional<Sight>> sight;
  private final Region region = new Region();
  private final List<String> above = new ArrayList<>();
  private final Thread writer;
  private boolean open = true;
  private boolean lent;

  /**
   * @param sight what there is to see now; empty before there is anything
   */
  LiveScreen(Tty tty, Picture picture, Supplier<Optional<Sight>> sight) {
    this.tty = tty;
    this.picture = picture;
    this.sight = sight;
    tty.onReturn(this::drawAnew);
    this.writer = Thread.ofPlatform().daemon().name("screen").start(this::keepDrawing);
  }

  /** Has {@code action} use the terminal; what is printed meanwhile is shown afterwards. */
  <T> T lend(Supplier<T> action) {
    synchronized (this) {
      lent = true;
      tty.write(region.clear(tty.columns()));
    }
    try {
      return tty.lend(action);
    } finally {
      synchronized (this) {
        lent = false;
      }
    }
  }

  private synchronized void drawAnew() {
    region.leave();
  }

  /** Has {@code line}, which may have sequences for colours in it, printed above the picture. */
  void print(String line) {
    synchronized (above) {
      above.add(line);
    }
  }

  private void keepDrawing() {
    try {
      while (true) {
        synchronized (this) {
          if (!open) {
            return;
          }
          if (!lent) {
            draw();
          }
          wait(FRAME_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void draw() {
    int columns = tty.columns();
    List<AttributedString> lines =
        sight.get().map(seen -> picture.lines(seen, columns, tty.rows())).orElse(List.of());
    String change = region.paint(printed(), lines, columns);
    if (!change.isEmpty()) {
      tty.write(change);
    }
  }

  private List<String> printed() {
    synchronized (above) {
      List<String> lines = List.copyOf(above);
      above.clear();
      return lines;
    }
  }

  /** Prints what is left, takes the picture away and gives the terminal back. */
  @Override
  public void close() {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
      notifyAll();
      StringBuilder last = new StringBuilder(region.clear(tty.columns()));
      printed().forEach(line -> last.append(line).append("\r\n"));
      tty.write(last.toString());
      tty.close();
    }
    writer.interrupt();
  }
}
