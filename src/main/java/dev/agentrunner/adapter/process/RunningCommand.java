package dev.agentrunner.adapter.process;

import dev.agentrunner.core.run.HookResult.End;
import dev.agentrunner.core.run.HookResult.Exited;
import dev.agentrunner.core.run.HookResult.Interrupted;
import dev.agentrunner.core.run.HookResult.TimedOut;
import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One command from its start until nothing of it is left.
 *
 * <p>It is watched by looking again and again, at first often, then every 16 ms. A thread that
 * waits in a read cannot be got out of it in Java before the last process that holds the pipe has
 * ended, and that may be a daemon; one that asks first how much there is to read never waits.
 */
final class RunningCommand {

  private static final long PAUSE_LEAST_NANOS = 50_000;
  private static final long PAUSE_MOST_NANOS = 16_000_000;

  /** How long a command's children may go on printing once it has ended, as {@code tee} does. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** Those that say nothing for so long are taken not to be printing. */
  private static final Duration LINGER_QUIET = Duration.ofMillis(250);

  /**
   * After that a process that was killed is given up: it belongs to another user or hangs in the
   * kernel.
   */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

  private static final Duration CENTURY = Duration.ofDays(36_500);
  private static final long BETWEEN_LOOKS_LEAST_NANOS = 4_000_000;
  private static final long BETWEEN_LOOKS_MOST_NANOS = 100_000_000;
  private static final int LAST_READS_MAX = 64;

  /** As a shell has it: 128 and the number of the signal. */
  private static final int KILLED = 137;

  private final Process process;
  private final ProcessTree tree;
  private final CappedOutput output;
  private final Duration grace;
  private final Crowd crowd;
  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];

  /** Whether the runner itself is about to end, so that there is no time for grace. */
  private volatile boolean hurried;

  private boolean interrupted;

  RunningCommand(
      Process process, ProcessTree tree, CappedOutput output, Duration grace, Crowd crowd) {
    this.process = process;
    this.tree = tree;
    this.output = output;
    this.grace = grace;
    this.crowd = crowd;
    this.in = process.getInputStream();
  }

  /** Returns when the command and everything it started are gone. */
  End watch(Duration timeout, StopSignal stop) {
    // Once the process has ended, the JDK drains and closes the stream as soon as it gets hold of
    // it. As long as we hold it, what children print thereafter is not lost.
    synchronized (in) {
      boolean gone = false;
      try {
        End end = await(System.nanoTime() + nanos(timeout), timeout, stop);
        if (end instanceof Exited) {
          gone = linger();
        }
        return end;
      } finally {
        close(gone ? List.of() : endTree());
      }
    }
  }

  /** Kills everything at once, from another thread; {@link #watch} returns thereafter. */
  void kill() {
    hurried = true;
    killAll();
  }

  private void killAll() {
    long patience = System.nanoTime() + KILL_PATIENCE.toNanos();
    List<ProcessHandle> alive = tree.alive();
    while (!alive.isEmpty() && System.nanoTime() < patience) {
      alive.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(PAUSE_LEAST_NANOS);
      alive = tree.alive();
    }
  }

  private End await(long deadline, Duration timeout, StopSignal stop) {
    long pause = PAUSE_LEAST_NANOS;
    while (true) {
      boolean printed = readSome();
      boolean ended = !process.isAlive();
      if (hurried || interrupted) {
        return new Interrupted();
      }
      if (ended) {
        return new Exited(process.exitValue());
      }
      if (stop.requested()) {
        return new Interrupted();
      }
      if (System.nanoTime() - deadline >= 0) {
        return new TimedOut(timeout);
      }
      tree.look();
      if (crowd.tooLarge(process.pid())) {
        // First who keeps the others in a box, if anyone does: they all die with it at once.
        process.destroyForcibly();
        killAll();
        output.say(crowd.verdict());
        return new Exited(KILLED);
      }
      if (printed) {
        pause = Math.max(PAUSE_LEAST_NANOS, pause / 4);
      } else {
        waitForExit(pause);
        pause = Math.min(PAUSE_MOST_NANOS, pause * 2);
      }
    }
  }

  private void waitForExit(long nanos) {
    try {
      process.waitFor(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }

  /** Returns whether the command left nobody behind. */
  private boolean linger() {
    List<ProcessHandle> alive = tree.alive();
    if (alive.isEmpty()) {
      return true;
    }
    long ended = System.nanoTime();
    long heard = ended;
    while (!hurried
        && anyAlive(alive)
        && System.nanoTime() - ended < LINGER.toNanos()
        && System.nanoTime() - heard < LINGER_QUIET.toNanos()) {
      if (readSome()) {
        heard = System.nanoTime();
      } else {
        nap();
      }
    }
    return false;
  }

  /** Returns those that could not be ended. */
  private List<ProcessHandle> endTree() {
    long graceEnd = System.nanoTime() + nanos(grace);
    long patienceEnd = graceEnd + KILL_PATIENCE.toNanos();
    long between = BETWEEN_LOOKS_LEAST_NANOS;
    Set<ProcessHandle> asked = new HashSet<>();
    List<ProcessHandle> alive = tree.alive();
    while (!alive.isEmpty() && System.nanoTime() - patienceEnd < 0) {
      boolean kill = hurried || System.nanoTime() - graceEnd >= 0;
      for (ProcessHandle one : alive) {
        if (kill) {
          one.destroyForcibly();
        } else if (asked.add(one)) {
          one.destroy();
        }
      }
      long deadline = kill ? patienceEnd : graceEnd;
      awaitEnd(alive, Math.min(between, deadline - System.nanoTime()));
      between = Math.min(BETWEEN_LOOKS_MOST_NANOS, between * 2);
      alive = tree.alive();
    }
    return alive;
  }

  /**
   * Returns early, so that those who came late are found. What they print is read, as a full pipe
   * would hold them up.
   */
  private void awaitEnd(List<ProcessHandle> alive, long mostNanos) {
    long began = System.nanoTime();
    while (anyAlive(alive) && System.nanoTime() - began < mostNanos) {
      if (!readSome()) {
        nap();
      }
    }
  }

  private static boolean anyAlive(List<ProcessHandle> processes) {
    return processes.stream().anyMatch(ProcessHandle::isAlive);
  }

  private void nap() {
    // An interrupt that stays set would make every nap end at once.
    interrupted |= Thread.interrupted();
    LockSupport.parkNanos(1_000_000);
  }

  private void close(List<ProcessHandle> left) {
    for (int i = 0; i < LAST_READS_MAX && readSome(); i++) {}
    for (ProcessHandle one : left) {
      output.say("process " + one.pid() + " could not be ended");
    }
    try {
      in.close();
    } catch (IOException e) {
      // It was only read from: nothing is lost.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean readSome() {
    try {
      int ready = in.available();
      int read = ready > 0 ? in.read(buffer, 0, Math.min(ready, buffer.length)) : 0;
      if (read > 0) {
        output.add(buffer, read);
      }
      return read > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Centuries are as good as for ever, and do not overflow. */
  private static long nanos(Duration duration) {
    return (duration.compareTo(CENTURY) < 0 ? duration : CENTURY).toNanos();
  }
}
