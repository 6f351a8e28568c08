package dev.agentrunner.adapter.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The signal behind Ctrl+C, which Java has no call for. */
final class Interrupt {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Interrupt() {}

  /** Sends it to those still alive; where there is no way to, nothing happens. */
  static void send(List<ProcessHandle> processes) {
    if (File.separatorChar == '\\') {
      return;
    }
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "kill -INT \"$@\"", "sh"));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> words.add(Long.toString(process.pid())));
    try {
      Process kill =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      if (!kill.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      // They are asked in another way next.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
