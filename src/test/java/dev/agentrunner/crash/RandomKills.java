package dev.agentrunner.crash;

import dev.agentrunner.core.run.RunEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a run of twelve tasks at any moment, lets it go on, kills it again, and at last lets it
 * finish. Half of the moments are chosen evenly, half lie just behind a write to the log, where
 * most can go wrong.
 */
final class RandomKills {

  private static final int TASKS = 12;
  private static final int DEEPEST = 6;
  private static final int TOLD_EVERY = 5;
  private static final double AGAIN = 0.9;
  private static final Duration STARTING = Duration.ofMillis(300);
  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long JUST_BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Program program;
  private final Path folder;
  private final PrintStream out;
  private final int jobs;
  private final Duration most;
  private final SplittableRandom random;

  /**
   * @param jobs how many tasks are worked on at once; from 2 on in worktrees
   * @param most how long to begin on new runs
   */
  RandomKills(Program program, Path folder, PrintStream out, long seed, int jobs, Duration most) {
    this.program = program;
    this.folder = folder;
    this.out = out;
    this.jobs = jobs;
    this.most = most;
    this.random = new SplittableRandom(seed);
  }

  /** How long a run takes that is left alone, and how often its log grows. */
  private record Usual(Duration time, int growths) {

    /** What is usual for what is left once so many tasks are done. */
    Usual after(long done) {
      double left = (double) (TASKS - done) / TASKS;
      return new Usual(
          Duration.ofNanos((long) (time.toNanos() * left)).plus(STARTING),
          (int) Math.ceil(growths * left));
    }
  }

  /** Returns how many runs were found broken. */
  int kill(int kills) throws IOException, InterruptedException {
    Usual usual = usual();
    out.printf(
        "random kills: a run that is left alone takes %d ms, its log grows %d times%n",
        usual.time().toMillis(), usual.growths());
    int broken = 0;
    int runs = 0;
    int killed = 0;
    long begun = System.nanoTime();
    while (killed < kills && System.nanoTime() - begun < most.toNanos()) {
      runs++;
      var trial =
          new Trial(
              "random-" + runs,
              Ground.ofAll(folder.resolve("random-" + runs), TASKS).withJobs(jobs),
              program,
              out);
      killed += killSeveralTimes(trial, usual, kills - killed);
      trial.finish("run");
      broken += trial.conclude() ? 0 : 1;
      if (runs % TOLD_EVERY == 0) {
        out.printf("  so far: %d kills in %d runs, %d broken%n", killed, runs, broken);
      }
    }
    out.printf("random kills: %d kills in %d runs, %d broken%n", killed, runs, broken);
    return broken;
  }

  private Usual usual() throws IOException, InterruptedException {
    try (Ground ground = Ground.ofAll(folder.resolve("left-alone"), TASKS).withJobs(jobs)) {
      long begun = System.nanoTime();
      Process process = program.start(ground, "run", "-o", "quiet");
      int growths = 0;
      long size = 0;
      while (process.isAlive()) {
        long now = size(ground);
        growths += now > size ? 1 : 0;
        size = now;
        LockSupport.parkNanos(POLL_NANOS);
      }
      var usual = new Usual(Duration.ofNanos(System.nanoTime() - begun), growths);
      Program.Ended ended = program.end(process, ground);
      if (ended.exit() != 0) {
        throw new IOException("ends with " + ended.exit() + " unharmed: " + ended.output());
      }
      ground.remove();
      return usual;
    }
  }

  private int killSeveralTimes(Trial trial, Usual usual, int most)
      throws IOException, InterruptedException {
    String command = "run";
    Usual left = usual;
    for (int killed = 0; killed < Math.min(most, DEEPEST); killed++) {
      if (killed > 0 && random.nextDouble() > AGAIN) {
        return killed;
      }
      Process process = program.start(trial.ground(), command, "-o", "quiet");
      await(process, trial.ground(), left);
      boolean late = !process.isAlive();
      Signal.KILL.toGroupOf(process);
      process.waitFor();
      Facts dead = trial.lookAtDead();
      if (late || isOver(dead)) {
        return killed + (late ? 0 : 1);
      }
      left = usual.after(completed(dead));
      command = dead.events().isEmpty() || random.nextBoolean() ? "run" : "resume";
    }
    return Math.min(most, DEEPEST);
  }

  private static boolean isOver(Facts facts) {
    return !facts.events().isEmpty()
        && facts.events().getLast().event() instanceof RunEvent.RunCompleted;
  }

  private static long completed(Facts facts) {
    return facts.events().stream()
        .filter(recorded -> recorded.event() instanceof RunEvent.TaskCompleted)
        .count();
  }

  private void await(Process process, Ground ground, Usual usual)
      throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      process.waitFor(random.nextLong(usual.time().toNanos()), TimeUnit.NANOSECONDS);
      return;
    }
    int growths = random.nextInt(usual.growths());
    long size = size(ground);
    while (growths >= 0 && process.isAlive()) {
      long now = size(ground);
      growths -= now > size ? 1 : 0;
      size = now;
      LockSupport.parkNanos(POLL_NANOS);
    }
    process.waitFor(random.nextLong(JUST_BEHIND_NANOS), TimeUnit.NANOSECONDS);
  }

  private static long size(Ground ground) throws IOException {
    long size = 0;
    for (Path log : ground.logs()) {
      size += Files.size(log);
    }
    return size;
  }
}
