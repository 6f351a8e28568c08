package dev.agentrunner.core.report;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run came to, so far.
 *
 * @param tasks in the order they are taken up
 * @param providers what each was asked for, in the order they were first asked
 * @param stops how often it was resumed
 * @param stoodStill for how long, in all: paused, or cut off and not resumed yet
 * @param warnings that were given, in order
 */
public record RunReport(
    RunState state,
    List<TaskReport> tasks,
    Map<String, Usage> providers,
    int stops,
    Duration stoodStill,
    List<String> warnings) {

  public RunReport {
    tasks = List.copyOf(tasks);
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    warnings = List.copyOf(warnings);
  }

  /** Of a run of which only the state is left. */
  public static RunReport of(RunState state) {
    return new RunReport(
        state,
        state.tasks().stream().map(TaskReport::of).toList(),
        Map.of(),
        0,
        Duration.ZERO,
        List.of());
  }

  /** The task of that id; it must be one of the run's. */
  public TaskReport task(TaskId id) {
    return tasks.stream()
        .filter(task -> task.state().id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the run has no task " + id));
  }

  /** From the first event to the last, without what it stood still. */
  public Duration atWork() {
    return state
        .started()
        .map(start -> Duration.between(start.at(), state.at()).minus(stoodStill))
        .orElse(Duration.ZERO);
  }
}
