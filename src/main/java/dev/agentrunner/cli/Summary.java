package dev.agentrunner.cli;

import dev.agentrunner.core.run.PauseReason;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;

/**
 * The end of a run for people: what changed, how each task ended, what it took, what to do next. On
 * standard output.
 */
final class Summary {

  private static final int DIFF_LINES_MAX = 200;

  private static final int STATUS_WIDTH = 17;

  private final Screen screen;
  private final InstantSource clock;
  private final ZoneId zone;

  Summary(Screen screen, InstantSource clock, ZoneId zone) {
    this.screen = screen;
    this.clock = clock;
    this.zone = zone;
  }

  void print(View.Ending ending) {
    PrintStream out = screen.out();
    out.println();
    changes(ending, out);
    RunState state = ending.state();
    tasks(state, out);
    out.println();
    out.printf(
        "%s. %s, %s.%n",
        Words.tally(state),
        Words.spent(state.usage()),
        Words.duration(
            state.started().map(s -> Duration.between(s.at(), state.at())).orElse(Duration.ZERO)));
    state.pause().ifPresent(pause -> out.println(screen.yellow(stillness(pause))));
    state
        .started()
        .map(RunState.Start::reason)
        .filter(reason -> !reason.isEmpty())
        .ifPresent(reason -> out.println(screen.red("Failed: ") + Screen.harmless(reason)));
    List<String> tampered = TamperText.lines(state);
    if (!tampered.isEmpty()) {
      out.println(screen.yellow("Look at this, it may weaken the checks:"));
      tampered.forEach(line -> out.println("  " + line));
    }
    state.tasks().stream()
        .filter(Changes::isKept)
        .forEach(task ->
            out.printf(
                "Changes of %s%s: %s/%s%n",
                task.id(),
                task.checkpoints().restored() ? ", taken back" : "",
                ending.folder(),
                patch(task.id())));
    ending.proposals().stream()
        .flatMap(proposal -> proposal.lines(ending.folder()).stream())
        .forEach(out::println);
    out.printf("Logs: %s%n", ending.folder());
    ending.next().ifPresent(next -> out.printf("Next: %s%n", next));
  }

  /** Where the changes of a failed task are kept, from the run's folder. */
  static String patch(TaskId task) {
    return "logs/" + task + "/changes.patch";
  }

  private void changes(View.Ending ending, PrintStream out) {
    List<String> lines = ColouredDiff.lines(ending.changes(), screen);
    lines.stream().limit(DIFF_LINES_MAX).forEach(out::println);
    if (lines.size() > DIFF_LINES_MAX) {
      out.printf(
          "... %d more lines in %s/changes.diff%n", lines.size() - DIFF_LINES_MAX, ending.folder());
    }
    if (!lines.isEmpty()) {
      out.println();
    }
  }

  /** A line for each task; used for {@code status} too. */
  void tasks(RunState state, PrintStream out) {
    int widest =
        state.tasks().stream().mapToInt(task -> task.id().value().length()).max().orElse(2);
    int idWidth = Math.min(24, widest);
    int statusWidth =
        state.tasks().stream().mapToInt(task -> Words.status(task).length() + 1).max().orElse(0);
    statusWidth = Math.max(STATUS_WIDTH, statusWidth);
    for (TaskState task : state.tasks()) {
      String status = String.format("%-" + statusWidth + "s", Words.status(task));
      String figures =
          task.attempts() == 0
              ? ""
              : "%s, %s, %s"
                  .formatted(
                      Words.count(task.attempts(), "attempt"),
                      Words.spent(task.usage()),
                      Words.duration(Words.took(task, clock.instant())));
      String line = "%-" + idWidth + "s  %s%s";
      out.println(
          line.formatted(
                  task.id(),
                  Words.paint(screen, task.status(), status),
                  figures.isEmpty() ? oneLine(task) : figures)
              .stripTrailing());
      String remark = oneLine(task);
      if (!figures.isEmpty() && task.status() != TaskStatus.COMPLETED && !remark.isBlank()) {
        out.println(" ".repeat(idWidth + 2) + remark);
      }
    }
  }

  private static String oneLine(TaskState task) {
    String remark = task.planned().doneIn().map(run -> "in run " + run).orElse(task.remark());
    return Screen.harmless(remark).lines().findFirst().orElse("");
  }

  /** Such as {@code until 2026-11-21 14:00:00 (local, in 37 min 05 s)}. */
  String until(Instant due, Instant now) {
    return "until " + Words.moment(due, now, zone);
  }

  /** Why the run stands still, and until when. */
  String stillness(RunPaused pause) {
    String reason = Screen.harmless(pause.message());
    return pause
        .resumeAt()
        .filter(at -> pause.reason() == PauseReason.QUOTA)
        .map(at ->
            "Rate limit reached, safe to re-run after %s: %s"
                .formatted(Words.moment(at, clock.instant(), zone), reason))
        .orElseGet(() ->
            switch (pause.reason()) {
              case INTERRUPTED -> "Stopped: " + reason;
              case BUDGET -> "Budget used up: " + reason + "; raise it, and resume";
              case QUOTA -> "Rate limit reached: " + reason;
              case NEEDS_PERSON -> "A person must decide: " + reason;
              case ENVIRONMENT -> "Stopped: " + reason;
            });
  }
}
