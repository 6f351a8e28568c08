package dev.agentrunner.core.run;

import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Plays a run from its log: takes its events one by one, and before each asks what would be decided
 * now, from the events so far. Nothing is asked of anybody and nothing is done.
 *
 * <p>What came of a step is no decision, nor is what comes from outside: that a run was started,
 * resumed, stopped, given up, or that the machine failed it. The log tells when a step was noted,
 * not when it was decided on: it is enough if the decision is the same at either end of the time in
 * between.
 */
public final class DecisionCheck implements Consumer<Recorded> {

  /** Times in the log are cut to the millisecond. */
  private static final Duration WRITTEN_TO = Duration.ofNanos(999_999);

  private final Plan plan;
  private final Map<TaskId, String> digests;
  private final List<Difference> differences = new ArrayList<>();
  private final Set<TaskId> edited = new HashSet<>();
  private RunState state;
  private Deque<Predicate<RunEvent>> due = new ArrayDeque<>();
  private Optional<Underway> underway = Optional.empty();
  private long agreed;
  private long notCompared;

  /**
   * A decision that would be another one now.
   *
   * @param seq of the event
   * @param happened what the log says
   * @param decided what would be done instead
   */
  public record Difference(long seq, RunEvent happened, Step decided) {}

  private record Underway(Step step, Predicate<RunEvent> goesOn) {}

  /**
   * @param plan what is decided by now
   * @param digests of the tasks as they are defined now
   */
  public DecisionCheck(RunId run, Plan plan, Map<TaskId, String> digests) {
    this.state = RunState.empty(run);
    this.plan = plan;
    this.digests = new HashMap<>(digests);
  }

  @Override
  public void accept(Recorded recorded) {
    RunEvent event = recorded.event();
    if (isGiven(event)) {
      if (!(event instanceof RunEvent.RunWarned)) {
        forget();
      }
    } else if (!due.isEmpty()) {
      goOn(recorded);
    } else if (underway.filter(one -> one.goesOn().test(event)).isPresent()) {
      underway = Optional.empty(); // What came of it; nobody decided that.
    } else if (isComparable()) {
      compare(recorded);
    } else {
      forget();
      notCompared++;
    }
    state = state.after(recorded);
  }

  /** Whether it came from outside, whatever the state was. */
  private static boolean isGiven(RunEvent event) {
    return event instanceof RunEvent.RunStarted
        || event instanceof RunEvent.RunResumed
        || event instanceof RunEvent.RunCanceled
        || event instanceof RunEvent.RunWarned
        || event instanceof RunEvent.TaskReopened
        || event instanceof RunEvent.QuestionAnswered
        || event instanceof RunEvent.SkipRequested
        || event instanceof RunEvent.StepInterrupted;
  }

  private void forget() {
    due.clear();
    underway = Optional.empty();
  }

  /** The rest of what one step notes. */
  private void goOn(Recorded recorded) {
    if (due.element().test(recorded.event())) {
      due.remove();
      return;
    }
    Step step = underway.map(Underway::step).orElseGet(Step.End::new);
    forget();
    if (!isBreak(recorded.event())) {
      differences.add(new Difference(recorded.seq(), recorded.event(), step));
    }
  }

  /** Whether the machine or the user stopped the run, at whatever it was. */
  private static boolean isBreak(RunEvent event) {
    return event instanceof RunEvent.RunPaused pause
        && (pause.reason() == PauseReason.INTERRUPTED || pause.reason() == PauseReason.ENVIRONMENT);
  }

  /** Whether the task that it is about is defined as it was when this was decided. */
  private boolean isComparable() {
    int open = state.tasks().firstOpen();
    if (open == state.tasks().size()) {
      return true;
    }
    RunEvent.RunStarted.Planned planned = state.tasks().get(open).planned();
    boolean same =
        plan.tasks().containsKey(planned.id())
            && planned.digest().equals(digests.getOrDefault(planned.id(), ""));
    if (!same) {
      edited.add(planned.id());
    }
    return same;
  }

  private void compare(Recorded recorded) {
    Step early = state.next(plan, state.at());
    if (fits(early, recorded.event())) {
      return;
    }
    Step late = state.next(plan, recorded.at().plus(WRITTEN_TO));
    if (fits(late, recorded.event())) {
      return;
    }
    forget();
    if (!isBreak(recorded.event())) {
      differences.add(new Difference(recorded.seq(), recorded.event(), late));
      // What came of it differs from nothing that was decided.
      underway = Optional.of(new Underway(late, StepTrace::isOutcome));
    }
  }

  private boolean fits(Step step, RunEvent event) {
    StepTrace trace = StepTrace.of(step);
    if (trace.begins().isEmpty() || !trace.begins().getFirst().test(event)) {
      return false;
    }
    agreed++;
    due = new ArrayDeque<>(trace.begins().subList(1, trace.begins().size()));
    underway = Optional.of(new Underway(step, trace.goesOn()));
    return true;
  }

  /** In the order of the log. */
  public List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** How many decisions are the same now. */
  public long agreed() {
    return agreed;
  }

  /** How many events could not be held against anything, as their task is defined otherwise now. */
  public long notCompared() {
    return notCompared;
  }

  /** Tasks that are defined otherwise now, or are not there any more. */
  public Set<TaskId> edited() {
    return Set.copyOf(edited);
  }

  /** What the log comes to. */
  public RunState state() {
    return state;
  }

  /** What would be done next, if the run could go on by itself. */
  public Optional<Step> next(Instant now) {
    return state.status() == RunStatus.RUNNING && state.pause().isEmpty() && isComparable()
        ? Optional.of(state.next(plan, now))
        : Optional.empty();
  }
}
