package dev.agentrunner.core.run;

import dev.agentrunner.core.task.HookId;

/**
 * How far the hooks are that are run on the side of what decides about a task.
 *
 * @param waived hooks of this judging that did not have to pass, or were not run
 * @param diagnosed hooks that were run because another one failed
 * @param diagnosis what those printed, for the next attempt; may be empty
 * @param deferred hooks of the task's end that were run
 */
public record Errands(int waived, int diagnosed, String diagnosis, int deferred) {

  static final Errands NONE = new Errands(0, 0, "", 0);

  /** Of a diagnosis, bounded: it is told to the model. */
  private static final int DIAGNOSIS_MAX = 4_000;

  /** Before hooks are run anew. */
  Errands judgingAgain() {
    return new Errands(0, 0, "", deferred);
  }

  Errands waiving() {
    return new Errands(waived + 1, diagnosed, diagnosis, deferred);
  }

  Errands diagnosing() {
    return new Errands(waived, diagnosed + 1, diagnosis, deferred);
  }

  Errands diagnosing(HookId hook, HookResult result) {
    String said = result.output().strip();
    String more =
        "%s: %s%n%s"
            .formatted(
                hook, result.verdict(), said.substring(Math.max(0, said.length() - DIAGNOSIS_MAX)))
            .strip();
    String all = (diagnosis + "\n" + more).strip();
    return new Errands(
        waived, diagnosed + 1, all.substring(Math.max(0, all.length() - DIAGNOSIS_MAX)), deferred);
  }

  Errands deferring() {
    return new Errands(waived, diagnosed, diagnosis, deferred + 1);
  }
}
