package dev.agentrunner.crash;

import dev.agentrunner.core.run.Recorded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One ground, what was done to it and what came of it. A ground on which something is broken is
 * kept to be looked at.
 */
final class Trial {

  private static final Patience PATIENCE = new Patience(Duration.ofSeconds(30));

  private final String name;
  private final Ground ground;
  private final Program program;
  private final Invariants invariants;
  private final PrintStream out;

  Trial(String name, Ground ground, Program program, PrintStream out) {
    this.name = name;
    this.ground = ground;
    this.program = program;
    this.invariants = new Invariants(ground);
    this.out = out;
  }

  Ground ground() {
    return ground;
  }

  Program program() {
    return program;
  }

  /** Starts a quiet run, or what is left of one. */
  Process start() throws IOException {
    return program.start(ground, "run", "-o", "quiet");
  }

  /** The same with something put before the program. */
  Process start(List<String> before) throws IOException {
    return program.start(ground, before, program.bareWords(), "run", "-o", "quiet");
  }

  /** Waits for the end of {@code process} and looks at what it says. */
  void expectEnd(Process process, int exit, String said) throws IOException, InterruptedException {
    Program.Ended ended = program.end(process, ground);
    expect(ended.exit() == exit, "ended with %d, not %d", ended.exit(), exit);
    expect(ended.output().contains(said), "did not say '%s'", said);
    expect(!ended.output().contains("bug in agent-runner"), "told of a bug");
    lookAtDead();
  }

  void expect(boolean holds, String otherwise, Object... details) {
    invariants.hold(holds, otherwise, details);
  }

  /** Something to wait for. */
  interface Condition {
    boolean met() throws IOException;
  }

  /**
   * Waits for {@code condition}; it is a fault if it does not come about in half a minute, more
   * under load.
   */
  void await(String what, Condition condition) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE.now());
    while (!condition.met()) {
      if (Instant.now().isAfter(end)) {
        expect(false, "waited in vain for %s", what);
        return;
      }
      Thread.sleep(2);
    }
  }

  void awaitHook(String line) throws IOException, InterruptedException {
    await(
        "hook " + line,
        () -> ground.hookLines().stream().anyMatch(found -> found.startsWith(line)));
  }

  void awaitRequest(String task) throws IOException, InterruptedException {
    await("a question about " + task, () -> ground.provider().requestsFor(task) > 0);
  }

  /** How many seconds lie between each event and the next; negative where the clock went back. */
  List<Long> secondsBetweenEvents() throws IOException {
    List<Recorded> events = Facts.of(ground).events();
    return IntStream.range(1, events.size())
        .mapToObj(i -> Duration.between(events.get(i - 1).at(), events.get(i).at()).toSeconds())
        .toList();
  }

  /** Looks at what a kill, or any other end, has left. */
  Facts lookAtDead() throws IOException, InterruptedException {
    ground.awaitSilence();
    Facts dead = Facts.of(ground);
    invariants.checkDead(dead);
    invariants.checkBooks(dead, Books.of(ground));
    return dead;
  }

  /** Lets the run come to its end, with {@code run} or {@code resume}, and looks at everything. */
  void finish(String command) throws IOException, InterruptedException {
    Program.Ended ended = program.run(ground, command, "-o", "quiet");
    Facts finished = Facts.of(ground);
    invariants.checkFinished(finished, ended.exit());
    Books books = Books.of(ground);
    invariants.checkBooks(finished, books);
    invariants.checkBooksClosed(books, Files.exists(ground.folder().resolve("work/.git")));
    Program.Ended again = program.run(ground, "run", "-o", "quiet");
    invariants.checkIdle(finished, Facts.of(ground), again.exit());
    invariants.checkTidy(Books.of(ground));
  }

  /** Tells what is broken; returns whether nothing is. */
  boolean conclude() throws IOException {
    List<String> broken = invariants.broken();
    if (broken.isEmpty()) {
      ground.remove();
      return true;
    }
    ground.close();
    Path kept = ground.folder();
    Files.write(kept.resolve("broken.txt"), broken);
    out.printf("%s: BROKEN, see %s%n", name, kept);
    broken.stream().distinct().limit(10).forEach(one -> out.println("  " + one));
    return false;
  }
}
