package dev.agentrunner.core.run;

import dev.agentrunner.core.run.RunEvent.ApprovalGiven;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A question about a tool call, and its answer once there is one.
 *
 * @param since when it was asked; moved forward by whatever time the run stood still
 */
public record Approval(ApprovalRequested requested, Optional<ApprovalGiven> given, Instant since) {

  static Approval open(ApprovalRequested requested, Instant since) {
    return new Approval(requested, Optional.empty(), since);
  }

  /** With the answer, if it is one to this question. */
  Approval answered(ApprovalGiven answer) {
    return answer.digest().equals(requested.digest())
        ? new Approval(requested, Optional.of(answer), since)
        : this;
  }

  Approval later(Duration pause) {
    return new Approval(requested, given, since.plus(pause));
  }
}
