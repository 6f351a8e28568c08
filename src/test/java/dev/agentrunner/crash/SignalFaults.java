package dev.agentrunner.crash;

import dev.agentrunner.testing.Reaction;
import dev.agentrunner.testing.Script;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Signals while a hook runs, while the model is asked, and while a limit is waited for. */
final class SignalFaults {

  private static final Patience AT_ONCE = new Patience(Duration.ofSeconds(1));
  private static final Patience SOON = new Patience(Duration.ofSeconds(5));

  private final Cases cases;

  SignalFaults(Cases cases) {
    this.cases = cases;
  }

  void check() throws IOException, InterruptedException {
    stops(Signal.INT, 130);
    stops(Signal.TERM, 143);
    stops(Signal.HUP, 129);
    for (Signal second : List.of(Signal.INT, Signal.TERM, Signal.HUP)) {
      int exit = second == Signal.INT ? 130 : second == Signal.TERM ? 143 : 129;
      cases.tryOut(
          "a second " + second + " ends all at once", trial -> endTwice(trial, second, exit));
    }
    cases.tryOut("STOP and CONT change nothing", this::sleep);
  }

  private void stops(Signal signal, int exit) throws IOException, InterruptedException {
    cases.tryOut(
        signal + " in a hook",
        trial -> {
          trial.ground().hookAlso("before-T02", "sleep 60");
          Process process = trial.start();
          trial.awaitHook("before T02");
          stop(trial, process, signal, exit);
          trial.ground().hookNoMore("before-T02");
          trial.finish("resume");
        });
    cases.tryOut(
        signal + " in a question",
        Script.ofEdits().at("T02", 1, 2, new Reaction.Stalls(Reaction.says("Let me"), 4)),
        trial -> {
          Process process = trial.start();
          trial.await("the second turn", () -> trial.ground().provider().requestsFor("T02") == 2);
          stop(trial, process, signal, exit);
          trial.finish("resume");
        });
    cases.tryOut(
        signal + " in a wait",
        Script.ofEdits().at(Ground.LIMITED, 1, 1, Reaction.limits(50)),
        trial -> {
          Process process = trial.start();
          trial.awaitRequest(Ground.LIMITED);
          stop(trial, process, signal, exit);
          trial.finish("resume");
        });
  }

  private static void stop(Trial trial, Process process, Signal signal, int exit)
      throws IOException, InterruptedException {
    Instant sent = Instant.now();
    signal.to(process);
    trial.expectEnd(process, exit, "");
    Duration took = Duration.between(sent, Instant.now());
    trial.expect(took.compareTo(SOON.now()) < 0, "took %d ms to stop", took.toMillis());
    Facts facts = trial.lookAtDead();
    trial.expect(
        facts.state().isPresent()
            && facts.state().get().seq() == facts.events().size()
            && facts.state().get().pause().isPresent(),
        "the state does not say that the run was stopped");
  }

  private static void endTwice(Trial trial, Signal signal, int exit)
      throws IOException, InterruptedException {
    trial.ground().hookAlso("before-T02", "trap '' TERM INT HUP; sleep 60");
    Process process = trial.start();
    trial.awaitHook("before T02");
    signal.to(process);
    Thread.sleep(Duration.ofMillis(300));
    trial.expect(process.isAlive(), "did not wait for the hook at all");
    Instant sent = Instant.now();
    signal.to(process);
    trial.expectEnd(process, exit, "");
    Duration took = Duration.between(sent, Instant.now());
    trial.expect(took.compareTo(AT_ONCE.now()) < 0, "took %d ms to end", took.toMillis());
    trial.ground().hookNoMore("before-T02");
    trial.finish("resume");
  }

  private void sleep(Trial trial) throws IOException, InterruptedException {
    Process process = trial.start();
    trial.awaitRequest("T02");
    Signal.STOP.to(process);
    Thread.sleep(Duration.ofSeconds(2));
    Signal.CONT.to(process);
    trial.expectEnd(process, 0, "");
    trial.finish("run");
  }
}
