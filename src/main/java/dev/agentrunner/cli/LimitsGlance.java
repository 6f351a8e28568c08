package dev.agentrunner.cli;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.port.EnvironmentException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * How the quotas stand, for whoever draws them many times a second: looked up anew every other
 * second, by a thread of its own, as it takes a file.
 */
final class LimitsGlance {

  private static final long OLD_NANOS = Duration.ofSeconds(2).toNanos();

  private final Supplier<List<AccountLimits>> source;
  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private volatile List<AccountLimits> last = List.of();

  LimitsGlance(Supplier<List<AccountLimits>> source) {
    this.source = source;
  }

  /** As they were a moment ago; none at first. */
  List<AccountLimits> now() {
    long next = due.get();
    long now = System.nanoTime();
    if (now - next >= 0 && due.compareAndSet(next, now + OLD_NANOS)) {
      Thread.ofVirtual().start(this::look);
    }
    return last;
  }

  private void look() {
    try {
      last = List.copyOf(source.get());
    } catch (EnvironmentException unreadable) {
      last = List.of(); // The run says so itself when it asks for a call.
    }
  }
}
