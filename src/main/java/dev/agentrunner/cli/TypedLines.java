package dev.agentrunner.cli;

import dev.agentrunner.port.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Questions on standard error, answers from standard input, with the terminal left as it is. */
final class TypedLines implements Dialogue {

  private static final String NO_MORE = "\u0004";

  private final PrintStream err;
  private final InputStream keyboard;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Semaphore wanted = new Semaphore(0);
  private final AtomicBoolean waiting = new AtomicBoolean();
  private boolean reading;
  private volatile boolean over;

  TypedLines(PrintStream err, InputStream keyboard) {
    this.err = err;
    this.keyboard = keyboard;
  }

  @Override
  public void say(String text) {
    err.println(text);
  }

  @Override
  public Optional<String> ask(String question, StopSignal stop) {
    try (var _ = stop.onRequest(() -> lines.add(NO_MORE))) {
      if (over && lines.isEmpty()) {
        return Optional.empty();
      }
      read();
      err.print(question);
      err.flush();
      String line = lines.take();
      return line.equals(NO_MORE) ? Optional.empty() : Optional.of(line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public <T> T lend(Supplier<T> action) {
    err.flush();
    return action.get();
  }

  /**
   * A thread of its own: a blocked read cannot be stopped, and a stop must not wait for the next
   * line. It reads a line only when one is waited for, as what is typed may be meant for others.
   */
  private void read() {
    if (!waiting.getAndSet(true)) {
      wanted.release();
    }
    if (reading) {
      return;
    }
    reading = true;
    Thread.ofPlatform().daemon().name("keyboard").start(this::readWhenWanted);
  }

  private void readWhenWanted() {
    try (var reader =
        new BufferedReader(new InputStreamReader(keyboard, Charset.defaultCharset()))) {
      wanted.acquire();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        waiting.set(false);
        lines.add(line);
        wanted.acquire();
      }
    } catch (IOException closed) {
      // Nobody is there any more.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    over = true;
    lines.add(NO_MORE);
  }
}
