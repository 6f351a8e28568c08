package dev.agentrunner.adapter.process;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Starts a process from a thread of its own, which stays until the process has ended. To Linux, the
 * parent that a process is to die with is the thread that started it, not the program; and what
 * Landlock forbids, it forbids a thread and whatever that starts.
 */
final class StartingThread {

  private StartingThread() {}

  /**
   * @param first what the thread does before, such as giving up rights
   */
  static Process start(ProcessBuilder builder, Runnable first) throws IOException {
    var started = new CompletableFuture<Process>();
    Thread.ofPlatform()
        .daemon()
        .name("confined command")
        .start(() -> {
          try {
            first.run();
            started.complete(builder.start());
          } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
            return;
          }
          awaitEnd(started.join());
        });
    try {
      return started.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException bug -> throw bug;
        case null, default -> throw e;
      }
    }
  }

  private static void awaitEnd(Process process) {
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        // Nobody has a reason to; were it heeded, the process would die.
      }
    }
  }
}
