package dev.agentrunner.cli;

import dev.agentrunner.port.StopSignal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Turns signals into a wish to stop: the first one lets the step under way come to an orderly end,
 * the second one ends all at once. Where the system gives no signals, nothing happens.
 */
final class Signals {

  private final StopSignal stop;
  private final IntConsumer atOnce;
  private final AtomicReference<Optional<ExitCode>> received =
      new AtomicReference<>(Optional.empty());

  private Signals(StopSignal stop, IntConsumer atOnce) {
    this.stop = stop;
    this.atOnce = atOnce;
  }

  /**
   * @param atOnce what must still be done when nothing is waited for any more; runs on the thread
   *     of the signal
   */
  static Signals heededBy(StopSignal stop, IntConsumer atOnce) {
    Signals signals = new Signals(stop, atOnce);
    org.jline.utils.Signals.register("INT", () -> signals.receive(ExitCode.INTERRUPTED));
    org.jline.utils.Signals.register("TERM", () -> signals.receive(ExitCode.TERMINATED));
    org.jline.utils.Signals.register("HUP", () -> signals.receive(ExitCode.HANGUP));
    return signals;
  }

  /** The exit code for the first signal; {@link ExitCode#INTERRUPTED} if none came. */
  ExitCode code() {
    return received.get().orElse(ExitCode.INTERRUPTED);
  }

  /** As if somebody pressed Ctrl+C. */
  void interrupt() {
    receive(ExitCode.INTERRUPTED);
  }

  private void receive(ExitCode code) {
    if (received.getAndUpdate(before -> before.or(() -> Optional.of(code))).isEmpty()) {
      stop.request();
    } else {
      atOnce.accept(code.number());
    }
  }
}
