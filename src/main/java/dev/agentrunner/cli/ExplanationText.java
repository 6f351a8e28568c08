package dev.agentrunner.cli;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.report.Explanation;
import dev.agentrunner.core.report.Explanation.Next;
import dev.agentrunner.core.report.Explanation.TaskFiles;
import dev.agentrunner.core.report.RunReport;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.report.TaskReport;
import dev.agentrunner.core.report.TaskReport.HookRun;
import dev.agentrunner.core.run.RunEvent.GitCommitted;
import dev.agentrunner.core.run.RunEvent.GitPushed;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** An explanation for people. */
final class ExplanationText {

  private static final int TAIL_LINES = 12;
  private static final int FILES_MAX = 10;

  private final Screen screen;
  private final PrintStream out;
  private final Instant now;
  private final ZoneId zone;
  private final TaskCommand commands;

  /** Makes a command on a task that can be pasted into a shell. */
  interface TaskCommand {
    String of(String name, TaskId task);
  }

  ExplanationText(Screen screen, Instant now, ZoneId zone, TaskCommand commands) {
    this.screen = screen;
    this.out = screen.out();
    this.now = now;
    this.zone = zone;
    this.commands = commands;
  }

  void print(Explanation explanation) {
    where(explanation);
    heading("Why");
    new StopReason(now, then -> Words.moment(then, now, zone))
        .of(explanation.standing(), explanation.report().state())
        .forEach(this::say);
    explanation.report().tasks().forEach(this::failure);
    heading("Cost");
    cost(explanation.report());
    heading("Safe now");
    safety(explanation);
    heading("Next");
    next(explanation);
  }

  private void heading(String word) {
    out.println();
    out.println(screen.bold(word));
  }

  private void say(String text) {
    Screen.harmless(text).lines().forEach(line -> out.println("  " + line));
  }

  // Where

  private void where(Explanation explanation) {
    RunState state = explanation.report().state();
    out.printf("Run %s", state.run());
    state.started().ifPresent(start -> out.printf(" of %s", Screen.harmless(start.list())));
    out.println();
    if (state.seq() == 0) {
      return;
    }
    say("%s since %s".formatted(standing(explanation.standing(), state), since(state.at())));
    say(
        "%s; %s at work%s"
            .formatted(
                Words.tally(state),
                Words.duration(explanation.report().atWork()),
                stops(explanation.report())));
  }

  private static String standing(Standing standing, RunState state) {
    return switch (standing) {
      case Standing.Over _ -> state.status().name().toLowerCase(Locale.ROOT);
      case Standing.Paused _ -> state.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      case Standing.GoingOn _ -> "going on, last heard of";
      case Standing.CutOff _ -> "cut off, silent";
    };
  }

  private static String stops(RunReport report) {
    return report.stops() == 0
        ? ""
        : ", resumed %s, stood still for %s"
            .formatted(Words.count(report.stops(), "time"), Words.duration(report.stoodStill()));
  }

  private String since(Instant then) {
    return "%s, %s ago"
        .formatted(Words.moment(then, then, zone), Words.duration(Duration.between(then, now)));
  }

  // Why

  private void failure(TaskReport task) {
    TaskState state = task.state();
    boolean worthTelling =
        state.status() == TaskStatus.FAILED
            || state.status() == TaskStatus.SKIPPED
            || state.status() == TaskStatus.BLOCKED
            || (state.status() == TaskStatus.RUNNING && task.lastFailure().isPresent());
    if (!worthTelling) {
      return;
    }
    say(
        "%s %s%s: %s"
            .formatted(
                state.id(),
                Words.status(state),
                state.attempts() == 0 ? "" : " after " + Words.count(state.attempts(), "attempt"),
                remark(task).lines().findFirst().orElse("")));
    task.lastFailure().ifPresent(this::tail);
  }

  private static String remark(TaskReport task) {
    return task.state().remark().isEmpty()
        ? task.attempts().stream()
            .flatMap(attempt -> attempt.failure().stream())
            .reduce((a, b) -> b)
            .orElse("it goes on")
        : task.state().remark();
  }

  private void tail(HookRun run) {
    say(
        "  %s-hook %s in attempt %d: %s"
            .formatted(
                run.stage().name().toLowerCase(Locale.ROOT),
                run.hook(),
                run.attempt(),
                run.result().verdict()));
    lastLines(run.result().output(), TAIL_LINES).forEach(line -> say("    | " + line));
  }

  /** The last lines of what a hook printed, without blank ones at the end. */
  static List<String> lastLines(String output, int most) {
    List<String> lines = output.stripTrailing().lines().toList();
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  // Cost

  private void cost(RunReport report) {
    RunState state = report.state();
    say(Words.spent(state.usage()) + " in all.");
    report.providers().forEach((name, usage) -> figure(name, usage));
    state.tasks().stream()
        .filter(task -> task.usage().totalTokens() > 0)
        .forEach(task -> figure("task " + task.id(), task.usage()));
  }

  private void figure(String name, Usage usage) {
    say("  %-20s %s".formatted(name, Words.spent(usage)));
  }

  // Safety

  private void safety(Explanation explanation) {
    RunReport report = explanation.report();
    if (explanation.files().isEmpty()) {
      say("No task changed a file, as far as is known.");
    }
    explanation.files().forEach(this::files);
    report.tasks().stream()
        .map(TaskReport::state)
        .filter(task -> task.status() == TaskStatus.RUNNING)
        .filter(task -> task.checkpoints().first().isPresent())
        .forEach(task ->
            say(
                "%s is not over; all it changed so far: %s"
                    .formatted(task.id(), commands.of("diff", task.id()))));
    report.tasks().forEach(this::git);
    boolean untouched =
        report.tasks().stream()
            .allMatch(task ->
                task.git().commits().isEmpty()
                    && task.git().pushes().isEmpty()
                    && task.git().byAgent().isEmpty());
    if (untouched) {
      say("Nothing was committed or pushed.");
    }
  }

  private void files(TaskId task, TaskFiles files) {
    names(task + ": changed by the agent's tools", files.edited());
    names(task + ": changed by commands, hooks or an agent's own program", files.others());
    names(task + ": may be half way through a change", files.inDoubt());
    if (files.restored()) {
      say("  All of that was taken back when the task was given up.");
    } else if (files.undoable()) {
      say("  How it looked before is kept; to go back: " + commands.of("undo", task));
    }
  }

  private void names(String what, List<String> files) {
    if (files.isEmpty()) {
      return;
    }
    String more =
        files.size() > FILES_MAX ? ", and %d more".formatted(files.size() - FILES_MAX) : "";
    say(
        "%s: %s%s"
            .formatted(what, String.join(", ", files.stream().limit(FILES_MAX).toList()), more));
  }

  private void git(TaskReport task) {
    for (GitCommitted commit : task.git().commits()) {
      say("%s: committed %.12s on %s.".formatted(commit.task(), commit.commit(), commit.branch()));
    }
    for (GitPushed push : task.git().pushes()) {
      say("%s: pushed %s to %s.".formatted(push.task(), push.branch(), push.remote()));
    }
    if (!task.git().byAgent().isEmpty()) {
      say(
          "%s: the agent itself used %s; the log tells how."
              .formatted(task.state().id(), String.join(", ", task.git().byAgent())));
    }
  }

  // Next

  private void next(Explanation explanation) {
    if (explanation.next().isEmpty()) {
      say("Nothing is left to do.");
    }
    for (Next next : explanation.next()) {
      if (!next.when().isEmpty()) {
        say(next.when() + ":");
      }
      say((next.when().isEmpty() ? "" : "  ") + next.command());
    }
  }
}
