package dev.agentrunner.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Hooks that misbehave, and a reader that leaves. */
final class HookFaults {

  private final Cases cases;

  HookFaults(Cases cases) {
    this.cases = cases;
  }

  void check() throws IOException, InterruptedException {
    cases.tryOut(
        "a hook is killed",
        trial -> {
          // The first attempt at this task fails anyway; now it fails by a signal.
          trial
              .ground()
              .hookAlso("after-" + Ground.FLAWED, "[ $AGENT_RUNNER_ATTEMPT = 2 ] || kill -9 $$");
          trial.expectEnd(trial.start(), 0, "");
          trial.finish("run");
        });
    cases.tryOut(
        "a hook leaves a daemon",
        trial -> {
          trial.ground().hookAlso("before-T01", "setsid sh -c 'sleep 100' >/dev/null 2>&1 &");
          trial.expectEnd(trial.start(), 0, "");
          trial.finish("run");
        });
    cases.tryOut(
        "a hook prints 50 MB into little memory",
        trial -> {
          trial.ground().hookAlso("before-T01", "yes | head -c 50000000");
          List<String> words = new ArrayList<>(trial.program().bareWords());
          words.add(1, "-Xmx64m");
          trial.expectEnd(
              trial.program().start(trial.ground(), List.of(), words, "run", "-o", "quiet"), 0, "");
          trial.finish("run");
        });
    cases.tryOut(
        "nobody reads what is printed",
        trial -> {
          List<String> before = List.of("sh", "-c", "\"$@\" | head -n 1; exit 0", "sh");
          trial.expectEnd(trial.start(before), 0, "");
          trial.finish("run");
        });
  }
}
