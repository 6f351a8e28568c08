package dev.agentrunner.adapter.http;

import dev.agentrunner.core.limit.QuotaReading;
import dev.agentrunner.port.ChatModel.Watcher;
import java.time.Duration;

/**
 * Hands a growing reply on to its watcher, and tells the watcher whenever nothing of the reply has
 * come for a while. Once closed it says nothing any more.
 */
public final class Liveness implements Watcher, AutoCloseable {

  private static final int BEATS_PER_PERIOD = 5;

  private final Watcher watcher;
  private final Pulse pulse;
  private final Duration period;
  private final Pulse.Beating beating;
  private volatile long lastContent;
  private long lastTold;
  private boolean closed;

  Liveness(Watcher watcher, Pulse pulse, Duration period) {
    this.watcher = watcher;
    this.pulse = pulse;
    this.period = period;
    this.lastContent = pulse.nanos();
    this.lastTold = lastContent;
    this.beating = pulse.every(period.dividedBy(BEATS_PER_PERIOD), this::beat);
  }

  /** Something of the reply came that the watcher is not shown; a mere sign of life is not. */
  public void content() {
    lastContent = pulse.nanos();
  }

  @Override
  public void text(String delta) {
    content();
    watcher.text(delta);
  }

  @Override
  public void thinking(String delta) {
    content();
    watcher.thinking(delta);
  }

  @Override
  public void call(String name) {
    content();
    watcher.call(name);
  }

  @Override
  public void silence(Duration since) {
    watcher.silence(since);
  }

  @Override
  public void quotaRead(QuotaReading reading) {
    watcher.quotaRead(reading);
  }

  private synchronized void beat() {
    if (closed) {
      return;
    }
    long now = pulse.nanos();
    long content = lastContent;
    long quiet = now - content;
    if (Math.min(quiet, now - lastTold) >= period.toNanos()) {
      lastTold = now;
      silence(Duration.ofNanos(quiet));
    }
  }

  @Override
  public void close() {
    beating.close();
    synchronized (this) {
      closed = true;
    }
  }
}
