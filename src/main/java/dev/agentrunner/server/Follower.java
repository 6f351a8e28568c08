package dev.agentrunner.server;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One client's queue of what it is to be told. One thread takes, many tell. */
final class Follower implements Closeable {

  private final int most;
  private final Consumer<Follower> leave;
  private final Deque<Frame> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private boolean overrun;
  private boolean dismissed;

  Follower(int most, Consumer<Follower> leave) {
    this.most = most;
    this.leave = leave;
  }

  /** Never waits: once the queue is full it is thrown away, and {@link #overrun} says so. */
  void tell(Frame frame) {
    lock.lock();
    try {
      if (queue.size() >= most) {
        if (frame instanceof Frame.Fleeting) {
          return;
        }
        queue.clear();
        overrun = true;
      } else if (!overrun) {
        queue.add(frame);
      }
      more.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next frame; empty if none came for so long, or there is another reason to look up. */
  Optional<Frame> next(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (queue.isEmpty() && !overrun && !dismissed && left > 0) {
        left = more.awaitNanos(left);
      }
      return Optional.ofNullable(queue.poll());
    } finally {
      lock.unlock();
    }
  }

  /** Whether frames were thrown away since this was last asked. */
  boolean overrun() {
    lock.lock();
    try {
      boolean was = overrun;
      overrun = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /** The server ends. */
  void dismiss() {
    lock.lock();
    try {
      dismissed = true;
      more.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean dismissed() {
    lock.lock();
    try {
      return dismissed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    leave.accept(this);
  }
}
