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

/** Questions on standard error, answers from standard input, with the terminal left as it is. */
final class TypedLines implements Dialogue {

  private static final String NO_MORE = "\u0004";

  private final PrintStream err;
  private final InputStream keyboard;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean reading;

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

  /**
   * A thread of its own: a blocked read cannot be stopped, and a stop must not wait for the next
   * line.
   */
  private void read() {
    if (reading) {
      return;
    }
    reading = true;
    Thread.ofPlatform()
        .daemon()
        .name("keyboard")
        .start(() -> {
          try (var reader =
              new BufferedReader(new InputStreamReader(keyboard, Charset.defaultCharset()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
            }
          } catch (IOException closed) {
            // Nobody is there any more.
          }
          lines.add(NO_MORE);
        });
  }
}
