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
  private final Map<Optional<TaskId>, Lane> lanes = new HashMap<>();
  private boolean parallel;
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

  /** Where one task is, or the run as a whole if it does one task after the other. */
  private static final class Lane {
    private Deque<Predicate<RunEvent>> due = new ArrayDeque<>();
    private Optional<Underway> underway = Optional.empty();

    void forget() {
      due.clear();
      underway = Optional.empty();
    }
  }

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
    parallel |= event instanceof RunEvent.TaskStarted started && started.apart();
    Lane lane = lanes.computeIfAbsent(laneOf(event), _ -> new Lane());
    if (isGiven(event)) {
      forget(event, lane);
    } else if (!lane.due.isEmpty()) {
      goOn(lane, recorded);
    } else if (lane.underway.filter(one -> one.goesOn().test(event)).isPresent()) {
      lane.underway = Optional.empty(); // What came of it; nobody decided that.
    } else if (isComparable(event)) {
      compare(lane, recorded);
    } else {
      lane.forget();
      notCompared++;
    }
    state = state.after(recorded);
  }

  /** Tasks that are worked on beside each other are decided about one by one. */
  private Optional<TaskId> laneOf(RunEvent event) {
    return parallel && event instanceof RunEvent.OfTask ofTask
        ? Optional.of(ofTask.task())
        : Optional.empty();
  }

  private void forget(RunEvent event, Lane lane) {
    if (event instanceof RunEvent.OfTask) {
      lane.forget();
    } else if (!(event instanceof RunEvent.RunWarned)) {
      lanes.clear();
    }
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
        || event instanceof RunEvent.PersonTold
        || event instanceof RunEvent.StepInterrupted;
  }

  /** The rest of what one step notes. */
  private void goOn(Lane lane, Recorded recorded) {
    if (lane.due.element().test(recorded.event())) {
      lane.due.remove();
      return;
    }
    Step step = lane.underway.map(Underway::step).orElseGet(Step.End::new);
    lane.forget();
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
  private boolean isComparable(RunEvent event) {
    if (laneOf(event).isPresent()) {
      return isComparable(state.tasks().task(laneOf(event).get()));
    }
    int open = state.tasks().firstOpen();
    return open == state.tasks().size() || isComparable(state.tasks().get(open));
  }

  private boolean isComparable(TaskState task) {
    RunEvent.RunStarted.Planned planned = task.planned();
    boolean same =
        plan.tasks().containsKey(planned.id())
            && planned.digest().equals(digests.getOrDefault(planned.id(), ""));
    if (!same) {
      edited.add(planned.id());
    }
    return same;
  }

  private void compare(Lane lane, Recorded recorded) {
    RunEvent event = recorded.event();
    List<Step> early = decided(event, state.at());
    List<Step> late = decided(event, recorded.at().plus(WRITTEN_TO));
    if (early.stream().anyMatch(step -> fits(lane, step, event))
        || late.stream().anyMatch(step -> fits(lane, step, event))) {
      return;
    }
    lane.forget();
    if (!isBreak(event)) {
      differences.add(new Difference(recorded.seq(), event, late.getFirst()));
      // What came of it differs from nothing that was decided.
      lane.underway = Optional.of(new Underway(late.getFirst(), StepTrace::isOutcome));
    }
  }

  /** What would be done now; what is to stop all of several tasks may come of any of them. */
  private List<Step> decided(RunEvent event, Instant now) {
    if (!parallel) {
      return List.of(state.next(plan, now));
    }
    if (event instanceof RunEvent.OfTask ofTask) {
      boolean apart = event instanceof RunEvent.TaskStarted started && started.apart();
      return List.of(state.next(ofTask.task(), plan, now, apart, InFlight.NOTHING));
    }
    List<Step> steps = new ArrayList<>();
    for (TaskState task : state.atOnce(plan, state.tasks().size())) {
      steps.add(state.next(task.id(), plan, now, true, InFlight.NOTHING));
    }
    if (steps.isEmpty()) {
      steps.add(state.next(plan, now));
    }
    return steps;
  }

  private boolean fits(Lane lane, Step step, RunEvent event) {
    StepTrace trace = StepTrace.of(step);
    if (trace.begins().isEmpty() || !trace.begins().getFirst().test(event)) {
      return false;
    }
    agreed++;
    lane.due = new ArrayDeque<>(trace.begins().subList(1, trace.begins().size()));
    lane.underway = Optional.of(new Underway(step, trace.goesOn()));
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
    boolean open =
        state.status() == RunStatus.RUNNING
            && state.pause().isEmpty()
            && isComparable(new RunEvent.RunCompleted());
    return open ? Optional.of(state.next(plan, now)) : Optional.empty();
  }
}
