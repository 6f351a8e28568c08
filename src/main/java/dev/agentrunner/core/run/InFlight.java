package dev.agentrunner.core.run;

import dev.agentrunner.core.limit.Budget;

/**
 * Calls of models that were allowed and are not counted yet, as they are under way.
 *
 * @param tokens what they take, as far as can be told
 */
public record InFlight(int calls, long tokens) {

  public static final InFlight NOTHING = new InFlight(0, 0);

  public InFlight plus(long more) {
    return new InFlight(calls + 1, tokens + more);
  }

  /** What is spent once they are counted, but for the tokens. */
  Budget.Spending over(Budget.Spending spent) {
    return new Budget.Spending(spent.usage(), spent.calls() + calls, spent.time());
  }
}
