package dev.agentrunner.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.SplittableRandom;

/** Two runs of one project. */
final class LockFaults {

  private static final int PAIRS = 5;
  private static final int APART_MILLIS = 50;
  private static final String REFUSED = "Another run holds";

  private final Cases cases;
  private final SplittableRandom random;

  LockFaults(Cases cases, long seed) {
    this.cases = cases;
    this.random = new SplittableRandom(seed);
  }

  void check() throws IOException, InterruptedException {
    for (int pair = 1; pair <= PAIRS; pair++) {
      cases.tryOut("two starts at once, " + pair, this::startTwice);
    }
    cases.tryOut("the lock file is deleted", this::deleteLock);
  }

  private void startTwice(Trial trial) throws IOException, InterruptedException {
    // Still held when the other one comes, however slow the machine is.
    trial.ground().hookAlso("before-T03", "sleep 2");
    Process first = trial.start();
    Thread.sleep(Duration.ofMillis(random.nextInt(APART_MILLIS)));
    Process second = trial.start();
    int one = trial.program().end(first, trial.ground()).exit();
    Program.Ended last = trial.program().end(second, trial.ground());
    trial.expect(
        Math.min(one, last.exit()) == 0 && Math.max(one, last.exit()) == 5,
        "ended with %d and %d",
        one,
        last.exit());
    trial.expect(last.output().contains(REFUSED), "did not say '%s'", REFUSED);
    trial.finish("run");
  }

  private void deleteLock(Trial trial) throws IOException, InterruptedException {
    trial.ground().hookAlso("before-T02", "sleep 2");
    Process first = trial.start();
    trial.awaitHook("before T02");
    Files.delete(trial.ground().home().resolve("lock"));
    trial.ground().hookNoMore("before-T02");
    Process second = trial.start();
    int one = first.waitFor();
    int other = trial.program().end(second, trial.ground()).exit();
    trial.expect((one == 0) != (other == 0), "ended with %d and %d", one, other);
    trial.lookAtDead();
    trial.finish("run");
  }
}
