package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.cli.Platform.Running;
import dev.agentrunner.port.StopSignal;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Something that goes on until a signal comes. */
record Service(Tools tools) {

  ExitCode until(Supplier<Running> begun) {
    StopSignal stop = new StopSignal();
    Signals signals = Signals.heededBy(stop, tools.halt());
    CountDownLatch ended = new CountDownLatch(1);
    try (Running running = begun.get();
        var _ = stop.onRequest(ended::countDown)) {
      running.notes().forEach(tools.screen().err()::println);
      ended.await();
      tools.screen().err().println("Stopping; what is under way goes on at the next start.");
      running.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return signals.code();
  }
}
