package dev.agentrunner.cli;

import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import java.time.Instant;
import java.util.Locale;

/** One line a task, on standard output, as each is over; and why the run stopped, if it did. */
final class QuietView implements View {

  private final Screen screen;
  private final Summary summary;

  QuietView(Screen screen, Summary summary) {
    this.screen = screen;
    this.summary = summary;
  }

  @Override
  public void opening(Opening opening) {
    opening.paying().stream().map(Screen::harmless).forEach(screen.err()::println);
    opening.prepared().warnings().forEach(screen.err()::println);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    switch (recorded.event()) {
      case RunEvent.TaskCompleted e -> line(state, e.task(), "");
      case RunEvent.TaskFailed e -> line(state, e.task(), e.reason());
      case RunEvent.TaskSkipped e -> line(state, e.task(), e.reason());
      case RunEvent.TaskBlocked e -> line(state, e.task(), "needs " + e.by());
      default -> {
        // Whatever is not the end of a task is not worth a line here.
      }
    }
  }

  private void line(RunState state, TaskId id, String why) {
    TaskState task = state.tasks().task(id);
    String first = Screen.harmless(why).lines().findFirst().orElse("");
    screen
        .out()
        .printf(
            "%s %s%s%n",
            id, task.status().name().toLowerCase(Locale.ROOT), first.isEmpty() ? "" : ": " + first);
  }

  @Override
  public void waiting(Instant due, Instant now) {}

  @Override
  public void closing(Ending ending) {
    ending.state().pause().ifPresent(pause -> screen.err().println(summary.stillness(pause)));
  }
}
