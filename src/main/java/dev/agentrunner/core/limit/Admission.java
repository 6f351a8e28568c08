package dev.agentrunner.core.limit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a call may be made now. */
public sealed interface Admission {

  /** It may. */
  record Granted() implements Admission {}

  /**
   * It has to wait.
   *
   * @param quota that is used up; the one that is back last, if several are
   * @param until when it can be made
   */
  record Held(Quota quota, Instant until) implements Admission {}

  /**
   * Looks at every quota that the call counts for; the latest reset decides.
   *
   * @param call its model, and the tokens it is going to cost, as far as can be told
   * @param reserve a share of each quota that is kept for others, from 0 up to and without 1
   */
  static Admission of(
      List<Quota> quotas, List<Spent> history, Spent call, double reserve, Instant now) {
    Admission verdict = new Granted();
    for (Quota quota : quotas) {
      if (!quota.counts(call.model())) {
        continue;
      }
      Optional<Instant> until = QuotaWindow.of(quota, history, now).waitFor(call.tokens(), reserve);
      if (until.isPresent()
          && (!(verdict instanceof Held held) || until.get().isAfter(held.until()))) {
        verdict = new Held(quota, until.get());
      }
    }
    return verdict;
  }
}
