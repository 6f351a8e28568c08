package dev.agentrunner.crash;

import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Kills a run of three tasks at the first call of a kind, at the second, and so on until it comes
 * to its end unharmed. The kill arrives before the call is carried out. Calls are counted by
 * thread; those made before the project is touched for the first time are passed over. Where all of
 * them take too long, every so manyth is taken, beginning with the first.
 */
final class KillAtEachCall {

  private static final List<String> CALLS =
      List.of(
          "write",
          "pwrite64",
          "fsync",
          "fdatasync",
          "rename",
          "renameat",
          "renameat2",
          "unlink",
          "unlinkat",
          "mkdir",
          "mkdirat",
          "ftruncate",
          "openat");

  private final Program program;
  private final Path folder;
  private final PrintStream out;
  private final int every;
  private final Duration most;

  /**
   * @param every 1 for each call, 2 for every second
   * @param most how long to begin on new kills
   */
  KillAtEachCall(Program program, Path folder, PrintStream out, int every, Duration most) {
    this.program = program;
    this.folder = folder;
    this.out = out;
    this.every = every;
    this.most = most;
  }

  /** Where a thread first and last touches the project with a kind of call, counted from 1. */
  private record Span(int first, int last) {}

  /** Returns how many runs were found broken. */
  int check() throws IOException, InterruptedException {
    if (!Trace.possible()) {
      out.println("calls: LEFT OUT, as strace is missing or may not trace");
      return 0;
    }
    long begun = System.nanoTime();
    Map<String, Span> spans = spans();
    int broken = 0;
    for (String call : CALLS) {
      Span span = spans.get(call);
      if (span == null) {
        out.printf("calls: no %s touches the project%n", call);
        continue;
      }
      int brokenHere = 0;
      int kills = 0;
      boolean killed = true;
      boolean late = false;
      for (int k = Math.max(1, span.first() - 2); killed && k <= 2 * span.last() + 20; k += every) {
        late = System.nanoTime() - begun > most.toNanos();
        if (late) {
          break;
        }
        var trial = new Trial(call + "-" + k, ground(call + "-" + k), program, out);
        killed = killAt(call, k, trial);
        kills += killed ? 1 : 0;
        trial.lookAtDead();
        trial.finish("run");
        brokenHere += trial.conclude() ? 0 : 1;
      }
      out.printf(
          "calls: killed at %d calls of %s, every %d of them from %d to about %d%s, %d broken%n",
          kills,
          call,
          every,
          Math.max(1, span.first() - 2),
          span.last(),
          late ? ", CUT SHORT as time was up" : "",
          brokenHere);
      broken += brokenHere;
    }
    return broken;
  }

  /** Without the wait for a limit: there are hundreds of them. */
  private Ground ground(String name) throws IOException, InterruptedException {
    return Ground.of(folder.resolve(name), 3, Script.ofEdits()).withAll();
  }

  private boolean killAt(String call, int k, Trial trial) throws IOException, InterruptedException {
    Process process =
        program.start(
            trial.ground(),
            Trace.tampering(call, "signal=SIGKILL:when=" + k),
            program.bareWords(),
            "run",
            "-o",
            "quiet");
    return program.end(process, trial.ground()).exit() > 128;
  }

  private Map<String, Span> spans() throws IOException, InterruptedException {
    Ground ground = ground("calls");
    Path log = ground.folder().resolve("trace.txt");
    Process process =
        program.start(
            ground,
            Trace.into(log, String.join(",", CALLS)),
            program.bareWords(),
            "run",
            "-o",
            "quiet");
    program.end(process, ground);
    String touched = ground.folder().toRealPath().toString();
    Map<String, Integer> counts = new HashMap<>();
    Map<String, Span> spans = new HashMap<>();
    for (Trace.Call call : Trace.read(log)) {
      int k = counts.merge(call.thread() + " " + call.name(), 1, Integer::sum);
      if (call.mentions(touched)) {
        spans.merge(
            call.name(),
            new Span(k, k),
            (a, b) -> new Span(Math.min(a.first(), b.first()), Math.max(a.last(), b.last())));
      }
    }
    ground.remove();
    return spans;
  }
}
