package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Launcher.Refused;
import dev.agentrunner.adapter.process.Launcher.Started;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.HookResult.End;
import dev.agentrunner.core.run.HookResult.Exited;
import dev.agentrunner.core.run.HookResult.Interrupted;
import dev.agentrunner.core.run.HookResult.NotStarted;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Processes of this machine. Standard output and error of a command go into one pipe, in the order
 * written. The calling thread starts it, reads it and hands out its output; there is no other
 * thread.
 *
 * <p>A process tree is ended by a TERM to everyone in it, the grace to heed it, and then a KILL.
 * Whoever cannot be ended, as another user's process cannot, is named in the output. On systems
 * other than Linux, a process that left the tree before anyone looked is missed.
 */
public final class SystemProcesses implements Processes {

  private static final int EXCERPT_BYTES = 8 * 1024;

  private final Launcher launcher;
  private final Duration grace;
  private final Set<RunningCommand> running = new HashSet<>();
  private boolean closed;

  /**
   * Looks at once for what the machine has to offer, which takes some tens of milliseconds.
   *
   * @param grace between asking a process to end and killing it
   * @param environment what every command gets, but for what its job adds
   */
  public SystemProcesses(Duration grace, Map<String, String> environment) {
    this(grace, environment, Sandboxing.AUTO);
  }

  /**
   * @param sandboxing what jobs with a confinement are to be held by
   */
  public SystemProcesses(Duration grace, Map<String, String> environment, Sandboxing sandboxing) {
    this(grace, Launcher.ofThisMachine(environment, sandboxing));
  }

  /** What holds jobs with a confinement; the first call may start a program to find out. */
  public Sandbox sandbox() {
    return launcher.sandbox();
  }

  SystemProcesses(Duration grace, Launcher launcher) {
    this.grace = grace;
    this.launcher = launcher;
  }

  @Override
  public HookResult run(Job job, Consumer<byte[]> output, StopSignal stop) {
    long began = System.nanoTime();
    var kept = new CappedOutput(output);
    End end = stop.requested() ? new Interrupted() : play(job, kept, stop);
    kept.finish();
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new HookResult(end, excerpt(kept), kept.bytes(), kept.digest(), took);
  }

  /**
   * Ends everything at once, without grace, and starts nothing thereafter: for the end of the
   * program. Returns when all is gone; the runs under way come out as {@link Interrupted}.
   */
  public void endAll() {
    List<RunningCommand> all;
    synchronized (running) {
      closed = true;
      all = List.copyOf(running);
    }
    all.forEach(RunningCommand::kill);
  }

  private End play(Job job, CappedOutput kept, StopSignal stop) {
    RunningCommand command;
    Runnable after;
    // Under the lock, so that nothing starts unseen by endAll.
    synchronized (running) {
      if (closed) {
        return new Interrupted();
      }
      switch (launcher.start(job)) {
        case Refused(String why) -> {
          return new NotStarted(why);
        }
        case Started(Process process, ProcessTree tree, Crowd crowd, Runnable then) -> {
          command = new RunningCommand(process, tree, kept, grace, crowd);
          after = then;
          running.add(command);
        }
      }
    }
    try {
      return reached(job, command.watch(job.timeout(), stop), kept);
    } finally {
      synchronized (running) {
        running.remove(command);
      }
      after.run();
    }
  }

  /** Tells a program that could not be turned into from one that ended with the same code. */
  private End reached(Job job, End end, CappedOutput kept) {
    return end instanceof Exited(int code)
        ? launcher.failure(job, code, () -> excerpt(kept)).<End>map(NotStarted::new).orElse(end)
        : end;
  }

  private static String excerpt(CappedOutput kept) {
    return PlainText.excerpt(kept.head(), kept.leftOut(), kept.tail(), EXCERPT_BYTES);
  }
}
