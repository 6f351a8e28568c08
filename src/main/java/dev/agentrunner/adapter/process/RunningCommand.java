package dev.agentrunner.adapter.process;

import dev.agentrunner.port.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command from its start until nothing of it is left.
 *
 * <p>It is watched by looking again and again, at first often, then every 16 ms. A thread that
 * waits in a read cannot be got out of it in Java before the last process that holds the pipe has
 * ended, and that may be a daemon; one that asks first how much there is to read never waits.
 */
final class RunningCommand {

  private static final Logger LOG = LoggerFactory.getLogger(RunningCommand.class);
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
  private final Pipe out;
  private final Pipe err;
  private final Patience patience;
  private final Crowd crowd;
  private final byte[] buffer = new byte[64 * 1024];

  /** Whether the runner itself is about to end, so that there is no time for grace. */
  private volatile boolean hurried;

  private boolean interrupted;

  /** How it ended, as seen from here. */
  sealed interface Ending {}

  /** On its own. */
  record OnItsOwn(int code) implements Ending {}

  /** It took longer than it may. */
  record OverTime() implements Ending {}

  /** It said nothing for longer than it may. */
  record OverQuiet() implements Ending {}

  /** Somebody wanted it to stop. */
  record Stopped() implements Ending {}

  /**
   * How much it is borne with.
   *
   * @param total how long it may take
   * @param silence how long it may say nothing
   * @param interrupt how long it is given to heed an interrupt, as by Ctrl+C, before it is asked to
   *     end; none, and there is no interrupt
   * @param grace between asking it to end and killing it
   */
  record Patience(Duration total, Duration silence, Duration interrupt, Duration grace) {

    /** For what may be silent, and heeds no Ctrl+C. */
    static Patience of(Duration total, Duration grace) {
      return new Patience(total, CENTURY, Duration.ZERO, grace);
    }
  }

  private record Pipe(InputStream in, Output output) {

    boolean readSome(byte[] buffer) {
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

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        // It was only read from: nothing is lost.
      }
    }
  }

  /**
   * @param errors gets nothing where the process was started with one stream for both
   */
  RunningCommand(
      Process process,
      ProcessTree tree,
      Output output,
      Output errors,
      Patience patience,
      Crowd crowd) {
    this.process = process;
    this.tree = tree;
    this.out = new Pipe(process.getInputStream(), output);
    this.err = new Pipe(process.getErrorStream(), errors);
    this.patience = patience;
    this.crowd = crowd;
  }

  /** Returns when the command and everything it started are gone. */
  Ending watch(StopSignal stop) {
    // Once the process has ended, the JDK drains and closes the stream as soon as it gets hold of
    // it. As long as we hold it, what children print thereafter is not lost.
    synchronized (out.in()) {
      synchronized (err.in()) {
        boolean gone = false;
        long began = System.nanoTime();
        try {
          Ending end = await(stop);
          LOG.debug(
              "process {} ended: {} after {} ms",
              process.pid(),
              end,
              TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
          if (end instanceof OnItsOwn) {
            gone = linger();
          }
          return end;
        } finally {
          close(gone ? List.of() : endTree());
        }
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

  private Ending await(StopSignal stop) {
    long began = System.nanoTime();
    long heard = began;
    long pause = PAUSE_LEAST_NANOS;
    while (true) {
      boolean printed = readSome();
      boolean ended = !process.isAlive();
      if (hurried || interrupted) {
        return new Stopped();
      }
      if (ended) {
        return new OnItsOwn(process.exitValue());
      }
      if (stop.requested()) {
        return new Stopped();
      }
      long now = System.nanoTime();
      heard = printed ? now : heard;
      if (now - began >= nanos(patience.total())) {
        return new OverTime();
      }
      if (now - heard >= nanos(patience.silence())) {
        return new OverQuiet();
      }
      if (!printed) {
        out.output().silence(Duration.ofNanos(now - heard));
      }
      tree.look();
      if (crowd.tooLarge(process.pid())) {
        // First who keeps the others in a box, if anyone does: they all die with it at once.
        process.destroyForcibly();
        killAll();
        out.output().say(crowd.verdict());
        return new OnItsOwn(KILLED);
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

  /** As Ctrl+C would, so that a program may end its own children and note where it was. */
  private void interrupt() {
    List<ProcessHandle> alive = tree.alive();
    if (patience.interrupt().isZero() || hurried || alive.isEmpty()) {
      return;
    }
    Interrupt.send(alive);
    long end = System.nanoTime() + nanos(patience.interrupt());
    while (!hurried && !alive.isEmpty() && System.nanoTime() - end < 0) {
      awaitEnd(alive, Math.min(BETWEEN_LOOKS_MOST_NANOS, end - System.nanoTime()));
      alive = tree.alive();
    }
  }

  /** Returns those that could not be ended. */
  private List<ProcessHandle> endTree() {
    interrupt();
    long graceEnd = System.nanoTime() + nanos(patience.grace());
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
      out.output().say("process " + one.pid() + " could not be ended");
    }
    out.close();
    err.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean readSome() {
    boolean said = out.readSome(buffer);
    return err.readSome(buffer) || said;
  }

  /** Centuries are as good as for ever, and do not overflow. */
  private static long nanos(Duration duration) {
    return (duration.compareTo(CENTURY) < 0 ? duration : CENTURY).toNanos();
  }
}
