package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.limit.Budget.Cap;
import dev.agentrunner.core.limit.TokenEstimate;
import java.util.Optional;

/** What comes next in place of a call that the budget does not allow. */
record BudgetStep(Position place) {

  /** Empty if the call may be made. */
  Optional<Step> insteadOf(ChatRequest request) {
    Budget budget = place.plan().settings().allowance().budget();
    if (budget.equals(Budget.NONE)) {
      return Optional.empty();
    }
    long need = TokenEstimate.of(request);
    return run(budget, need).or(() -> task(budget, need));
  }

  private Optional<Step> run(Budget budget, long need) {
    if (budget.run().isUnbounded()) {
      return Optional.empty();
    }
    return budget
        .run()
        .broken(
            place.inFlight().over(place.state().spending(place.now())),
            need + place.inFlight().tokens())
        .map(cap ->
            Position.pause(
                PauseReason.BUDGET,
                "the run's budget of %s does not allow another call (budget.run_%s)"
                    .formatted(cap.shown(), cap.name()),
                Optional.empty()));
  }

  private Optional<Step> task(Budget budget, long need) {
    Optional<Cap> broken = budget.task().broken(place.at().spending(place.now()), need);
    return broken.map(cap ->
        place.giveUp(
            "its budget of %s does not allow another call (budget.task_%s)"
                .formatted(cap.shown(), cap.name())));
  }
}
