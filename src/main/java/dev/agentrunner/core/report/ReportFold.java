package dev.agentrunner.core.report;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Adds up a run's events to a report as they come, from the first on. */
public final class ReportFold implements Consumer<Recorded> {

  private final Map<TaskId, TaskNotes> tasks = new HashMap<>();
  private final Map<String, Usage> providers = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private RunState state;
  private int stops;
  private Duration stoodStill = Duration.ZERO;

  public ReportFold(RunId run) {
    this.state = RunState.empty(run);
  }

  @Override
  public void accept(Recorded recorded) {
    RunState before = state;
    state = before.after(recorded);
    switch (recorded.event()) {
      case RunEvent.RunResumed _ -> {
        stops++;
        stoodStill = stoodStill.plus(Duration.between(before.at(), recorded.at()));
      }
      case RunEvent.RunWarned(String message) -> warnings.add(message);
      case RunEvent.OfTask event -> note(event);
      default -> {
        // The state has it.
      }
    }
  }

  private void note(RunEvent.OfTask event) {
    TaskNotes notes = tasks.computeIfAbsent(event.task(), _ -> new TaskNotes());
    notes.note(event);
    switch (event) {
      case RunEvent.ModelReplied e -> spend(notes.provider(), e.reply().usage());
      case RunEvent.ModelFailed e -> spend(notes.provider(), e.usage());
      default -> {
        // It costs nothing.
      }
    }
  }

  private void spend(String provider, Usage usage) {
    providers.merge(provider, usage, Usage::plus);
  }

  /** What the events so far come to. */
  public RunReport report() {
    return new RunReport(
        state,
        state.tasks().stream()
            .map(task -> tasks.getOrDefault(task.id(), new TaskNotes()).report(task))
            .toList(),
        providers,
        stops,
        stoodStill,
        warnings);
  }
}
