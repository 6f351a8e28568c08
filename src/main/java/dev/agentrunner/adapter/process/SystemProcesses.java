package dev.agentrunner.adapter.process;

import dev.agentrunner.adapter.process.Launcher.Launch;
import dev.agentrunner.adapter.process.Launcher.Refused;
import dev.agentrunner.adapter.process.Launcher.Started;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.task.Sandboxing;
import dev.agentrunner.port.Processes;
import dev.agentrunner.port.Programs;
import dev.agentrunner.port.StopSignal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Processes of this machine. Standard output and error of a hook go into one pipe, in the order
 * written; those of a program that is talked with stay apart. The calling thread starts it, reads
 * it and hands out its output; there is no other thread.
 *
 * <p>A process tree is ended by a TERM to everyone in it, the grace to heed it, and then a KILL.
 * Whoever cannot be ended, as another user's process cannot, is named in the output. On systems
 * other than Linux, a process that left the tree before anyone looked is missed.
 */
public final class SystemProcesses implements Processes, Programs {

  private static final int EXCERPT_BYTES = 8 * 1024;

  /** Agents' command lines take a moment to note where they were. */
  private static final Duration INTERRUPT = Duration.ofSeconds(3);

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
    HookResult.End end = stop.requested() ? new HookResult.Interrupted() : play(job, kept, stop);
    kept.finish();
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new HookResult(end, excerpt(kept), kept.bytes(), kept.digest(), took);
  }

  /**
   * Ends everything at once, without grace, and starts nothing thereafter: for the end of the
   * program. Returns when all is gone; the runs under way come out as {@link
   * HookResult.Interrupted}.
   */
  public void endAll() {
    List<RunningCommand> all;
    synchronized (running) {
      closed = true;
      all = List.copyOf(running);
    }
    all.forEach(RunningCommand::kill);
  }

  private HookResult.End play(Job job, CappedOutput kept, StopSignal stop) {
    Played played =
        play(
            () -> launcher.start(job),
            kept,
            kept,
            RunningCommand.Patience.of(job.timeout(), grace),
            stop);
    return switch (played) {
      case NeverRan(String why) -> new HookResult.NotStarted(why);
      case Ran(RunningCommand.OnItsOwn(int code)) -> reached(job, code, kept);
      case Ran(RunningCommand.OverTime _) -> new HookResult.TimedOut(job.timeout());
      case Ran(RunningCommand.OverQuiet _), Ran(RunningCommand.Stopped _) ->
          new HookResult.Interrupted();
    };
  }

  @Override
  public End converse(Talk talk, Listener listener, StopSignal stop) {
    var said = new SpokenLines(listener::line, listener::silence);
    var complained = new SpokenLines(listener::complaint, since -> {});
    var patience = new RunningCommand.Patience(talk.total(), talk.silence(), INTERRUPT, grace);
    Played played =
        stop.requested()
            ? new Ran(new RunningCommand.Stopped())
            : play(() -> launcher.start(talk), said, complained, patience, stop);
    said.finish();
    complained.finish();
    return switch (played) {
      case NeverRan(String why) -> new NotStarted(why);
      case Ran(RunningCommand.OnItsOwn(int code)) ->
          launcher
              .failure(talk, code, complained::last)
              .<End>map(NotStarted::new)
              .orElseGet(() -> new Exited(code));
      case Ran(RunningCommand.OverTime _) -> new TookTooLong(talk.total());
      case Ran(RunningCommand.OverQuiet _) -> new FellSilent(talk.silence());
      case Ran(RunningCommand.Stopped _) -> new Interrupted();
    };
  }

  private sealed interface Played {}

  private record NeverRan(String why) implements Played {}

  private record Ran(RunningCommand.Ending ending) implements Played {}

  private Played play(
      Supplier<Launch> start,
      Output out,
      Output err,
      RunningCommand.Patience patience,
      StopSignal stop) {
    RunningCommand command;
    Runnable after;
    // Under the lock, so that nothing starts unseen by endAll.
    synchronized (running) {
      if (closed) {
        return new Ran(new RunningCommand.Stopped());
      }
      switch (start.get()) {
        case Refused(String why) -> {
          return new NeverRan(why);
        }
        case Started(Process process, ProcessTree tree, Crowd crowd, Runnable then) -> {
          command = new RunningCommand(process, tree, out, err, patience, crowd);
          after = then;
          running.add(command);
        }
      }
    }
    try {
      return new Ran(command.watch(stop));
    } finally {
      synchronized (running) {
        running.remove(command);
      }
      after.run();
    }
  }

  /** Tells a program that could not be turned into from one that ended with the same code. */
  private HookResult.End reached(Job job, int code, CappedOutput kept) {
    return launcher
        .failure(job, code, () -> excerpt(kept))
        .<HookResult.End>map(HookResult.NotStarted::new)
        .orElseGet(() -> new HookResult.Exited(code));
  }

  private static String excerpt(CappedOutput kept) {
    return PlainText.excerpt(kept.head(), kept.leftOut(), kept.tail(), EXCERPT_BYTES);
  }
}
