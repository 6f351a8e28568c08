package dev.agentrunner.cli;

import java.util.function.Consumer;

/**
 * Reads what is typed, on a thread of its own, until the terminal is closed. What comes at once is
 * handed on at once: a key is one character, and a pasted text is told from keys by that.
 */
final class Keys {

  private static final long PATIENCE_MILLIS = 200;
  private static final long BURST_MILLIS = 10;
  private static final char ESCAPE = '\u001B';

  private final Tty tty;
  private final Consumer<String> typed;

  private Keys(Tty tty, Consumer<String> typed) {
    this.tty = tty;
    this.typed = typed;
  }

  /**
   * @param typed takes what was typed; never called with what arrow keys and the like send
   */
  static void readTo(Tty tty, Consumer<String> typed) {
    Thread.ofPlatform().daemon().name("keys").start(new Keys(tty, typed)::read);
  }

  private void read() {
    int first = tty.read(PATIENCE_MILLIS);
    while (first != Tty.GONE) {
      if (first != Tty.NOTHING) {
        String burst = burst((char) first);
        if (burst.charAt(0) != ESCAPE) {
          typed.accept(burst);
        }
      }
      first = tty.read(PATIENCE_MILLIS);
    }
  }

  private String burst(char first) {
    StringBuilder burst = new StringBuilder().append(first);
    int more = tty.read(BURST_MILLIS);
    while (more >= 0) {
      burst.append((char) more);
      more = tty.read(BURST_MILLIS);
    }
    return burst.toString();
  }
}
