package dev.agentrunner.cli;

import dev.agentrunner.core.limit.AccountLimits;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import dev.agentrunner.engine.Steering.Course;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * All there is to see of a run at one moment.
 *
 * @param budget what the run may spend
 * @param limits how the quotas of the user's own stand
 * @param glimpse of what is done for the task under way, or the first of them
 * @param beside of what is done for the others, in their order
 * @param mode what the lowest line is for
 */
record Sight(
    RunState state,
    Budget.Caps budget,
    List<AccountLimits> limits,
    Activity.Glimpse glimpse,
    Map<TaskId, Activity.Glimpse> beside,
    Course course,
    Mode mode,
    Instant now,
    ZoneId zone) {

  /** One task after the other. */
  Sight(
      RunState state,
      Budget.Caps budget,
      Activity.Glimpse glimpse,
      Course course,
      Mode mode,
      Instant now,
      ZoneId zone) {
    this(state, budget, List.of(), glimpse, Map.of(), course, mode, now, zone);
  }

  /** What the keyboard is for. */
  sealed interface Mode {}

  /** Keys steer the run. */
  record Steered(boolean help) implements Mode {}

  /** Somebody only looks on, from another terminal. */
  record Watched() implements Mode {}

  /** A question is to be answered in a line of text. */
  record Asked(String question, String typed) implements Mode {}
}
