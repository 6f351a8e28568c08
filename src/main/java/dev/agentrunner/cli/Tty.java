package dev.agentrunner.cli;

import java.util.function.Supplier;

/** A terminal that is drawn on and read from key by key, until it is closed. */
interface Tty extends AutoCloseable {

  /** What {@link #read} tells when nothing was typed in time. */
  int NOTHING = -2;

  /** What {@link #read} tells when nothing will be typed any more. */
  int GONE = -1;

  int columns();

  int rows();

  /** Sends all of {@code text} at once. */
  void write(String text);

  /** Has {@code action} run whenever the terminal is had again after others wrote on it. */
  void onReturn(Runnable action);

  /** Puts the terminal back as it was found while {@code action} has it; nobody reads meanwhile. */
  <T> T lend(Supplier<T> action);

  /** The next character typed, {@link #NOTHING} after a while without any, or {@link #GONE}. */
  int read(long patienceMillis);

  /** Puts the terminal back as it was found; harmless when done already, and on any thread. */
  @Override
  void close();
}
