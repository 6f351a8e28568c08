package dev.agentrunner.cli;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.HookResult;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.TaskCheckpoints;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import dev.agentrunner.core.task.TaskId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Line by line: progress on standard error as it happens, the changes and a summary on standard
 * output at the end.
 */
final class PlainView implements View {

  private static final int WIDTH = 80;

  private final Screen screen;
  private final PrintStream err;
  private final Summary summary;
  private Optional<Instant> waitedFor = Optional.empty();

  /** Before each line, the task it is about, as soon as there are several at once. */
  private String speaker = "";

  PlainView(Screen screen, Summary summary) {
    this.screen = screen;
    this.err = screen.err();
    this.summary = summary;
  }

  @Override
  public void opening(Opening opening) {
    Workbench.Prepared prepared = opening.prepared();
    opening.paying().stream().map(Screen::harmless).forEach(err::println);
    err.println(screen.bold(opening.version()));
    field(
        "tasks", "%s (%d)".formatted(opening.list().file(), opening.list().tasks().tasks().size()));
    field("config", prepared.files().isEmpty() ? "defaults" : String.join(", ", prepared.files()));
    prepared.values().stream()
        .filter(value -> value.key().equals("provider"))
        .forEach(value -> field("provider", "%s (%s)".formatted(value.shown(), value.origin())));
    prepared.warnings().forEach(warning -> err.println(screen.yellow(warning)));
    if (!opening.decision().isEmpty()) {
      err.println(opening.decision());
    }
  }

  @Override
  public void waiting(Instant due, Instant now) {
    String line = "%-9s%s; Ctrl+C stops".formatted("waiting", summary.until(due, now));
    if (screen.attended()) {
      err.print("\r" + cut(line, WIDTH - 1) + "   ");
      if (!now.plusSeconds(1).isBefore(due)) {
        err.println();
      }
    } else if (!waitedFor.equals(Optional.of(due))) {
      err.println(line);
    }
    waitedFor = Optional.of(due);
  }

  private void field(String name, String value) {
    err.printf("%-9s%s%n", name, value);
  }

  @Override
  public synchronized void recorded(Recorded recorded, RunState state) {
    speaker =
        recorded.event() instanceof RunEvent.OfTask event
                && state.tasks().task(event.task()).worktree().isPresent()
            ? event.task() + "  "
            : "";
    switch (recorded.event()) {
      case RunEvent.RunStarted e -> field("run", state.run().value());
      case RunEvent.RunResumed e -> {
        field("run", state.run().value());
        state.tasks().stream()
            .filter(task -> task.status() == TaskStatus.RUNNING)
            .forEach(task -> heading(state, task.id()));
      }
      case RunEvent.TaskStarted e -> heading(state, e.task());
      case RunEvent.CheckpointTaken e -> {
        if (!e.note().isEmpty() && e.when() == TaskCheckpoints.Moment.BEFORE && e.attempt() == 1) {
          Screen.harmless(e.note())
              .lines()
              .forEach(note -> line(screen.yellow("no undo"), cut(note, WIDTH - 11)));
        }
      }
      case RunEvent.WorktreeOpened _ -> {}
      case RunEvent.MergeStarted e -> {
        if (!e.conflicts().isEmpty()) {
          line(screen.yellow("conflict"), Screen.harmless(String.join(", ", e.conflicts())));
        }
      }
      case RunEvent.MergeEnded e -> line("merge", MergeText.of(e));
      case RunEvent.FolderRestored e ->
          line("restored", Words.count(e.files(), "file") + " put back as before the task");
      case RunEvent.TamperFound e ->
          TamperText.lines(e).forEach(text -> line(screen.yellow("tamper"), text));
      case RunEvent.HookStarted e -> {}
      case RunEvent.HookEnded e -> hook(e);
      case RunEvent.HookSkipped e -> line("skipped", e.hook() + ": " + e.reason());
      case RunEvent.HookWaived e -> line(screen.yellow("goes on"), e.hook() + ": " + e.reason());
      case RunEvent.AttemptStarted e -> {
        if (e.attempt() > 1) {
          line("again", "attempt " + e.attempt());
        }
      }
      case RunEvent.ModelReplied e -> reply(e.reply());
      case RunEvent.ModelFailed e ->
          line(
              screen.yellow("model"),
              e.failure().message()
                  + e.retryAt()
                      .map(at ->
                          "; next try in " + Words.duration(Duration.between(recorded.at(), at)))
                      .orElse(""));
      case RunEvent.ProviderSwitched e ->
          line(
              screen.yellow("switched"),
              "%s → %s%s"
                  .formatted(
                      e.from(), e.provider(), e.fresh() ? ", which begins the attempt anew" : ""));
      case RunEvent.ProviderLost e ->
          line(screen.yellow("lost"), e.provider() + ": " + e.message());
      case RunEvent.ToolReturned e -> trouble(e.result());
      case RunEvent.EditRefused e -> trouble(e.result());
      case RunEvent.EditApplied e -> {}
      case RunEvent.GitCommitting e -> {}
      case RunEvent.GitCommitted e ->
          line("git", "committed %.10s on %s".formatted(e.commit(), e.branch()));
      case RunEvent.GitPushing e -> {}
      case RunEvent.GitPushed e -> line("git", "pushed %s to %s".formatted(e.branch(), e.remote()));
      case RunEvent.GitDeclined e -> line(screen.yellow("git"), EventText.of(e));
      case RunEvent.AttemptFailed e -> line(screen.yellow("failed"), e.reason());
      case RunEvent.StepInterrupted e -> line(screen.yellow("cut off"), e.step());
      case RunEvent.TaskCompleted e -> over(state, e.task(), recorded);
      case RunEvent.TaskFailed e -> over(state, e.task(), recorded);
      case RunEvent.TaskSkipped e -> over(state, e.task(), recorded);
      case RunEvent.TaskReopened e -> {}
      case RunEvent.TaskBlocked e -> {
        heading(state, e.task());
        over(state, e.task(), recorded);
      }
      case RunEvent.PersonAnswered e -> {
        line("decided", e.decision().name().toLowerCase(Locale.ROOT) + " (" + e.by() + ")");
        e.advice().ifPresent(advice -> line("told", Screen.harmless(advice)));
      }
      case RunEvent.EscalationRaised e -> {
        if (e.escalation().cause() == Escalation.Cause.QUESTION) {
          line(screen.yellow("asks"), Screen.harmless(e.escalation().summary()));
        }
      }
      case RunEvent.SkipRequested e -> {}
      case RunEvent.QuestionAnswered e -> line("told", Screen.harmless(e.text()));
      case RunEvent.PersonTold e -> line("told", Screen.harmless(e.text()));
      case RunEvent.AgentFinished e -> {}
      case RunEvent.ModelAsked e -> {}
      case RunEvent.ToolCalled e -> {}
      case RunEvent.LimitReached e -> line(screen.yellow("limit"), e.message());
      case RunEvent.ApprovalRequested e -> {}
      case RunEvent.ApprovalGiven e ->
          line("leave", e.consent().word().name().toLowerCase(Locale.ROOT) + " (" + e.by() + ")");
      case RunEvent.RunWarned e -> line(screen.yellow("warning"), Screen.harmless(e.message()));
      case RunEvent.RunPaused e -> {}
      case RunEvent.RunCompleted e -> {}
      case RunEvent.RunFailed e -> {}
      case RunEvent.RunCanceled e -> {}
    }
  }

  @Override
  public synchronized void modelSilent(CallId call, Duration since) {
    speaker = speaker.isEmpty() ? "" : call.task() + "  ";
    line(screen.dim("waiting"), "nothing from the model for " + Words.duration(since));
  }

  @Override
  public void closing(Ending ending) {
    summary.print(ending);
  }

  private void heading(RunState state, TaskId id) {
    TaskState task = state.tasks().task(id);
    int place = state.tasks().indexOf(task) + 1;
    err.printf(
        "%n%s%n",
        screen.bold(
            cut(
                "[%d/%d] %s  %s"
                    .formatted(
                        place,
                        state.tasks().size(),
                        id,
                        Screen.harmless(task.planned().title()).replace('\n', ' ')))));
  }

  private void hook(RunEvent.HookEnded ended) {
    HookResult result = ended.result();
    String verdict =
        "%s: %s (%s)".formatted(ended.hook(), result.verdict(), Words.duration(result.took()));
    String word =
        switch (ended.stage()) {
          case PRE -> "before";
          case BASELINE -> "so far";
          case POST -> "check";
          case DEFER -> "after";
        };
    line(result.passed() ? screen.green(word) : screen.red(word), verdict);
    if (result.passed()) {
      return;
    }
    List<String> lines = Screen.harmless(result.output().strip()).lines().toList();
    lines.stream()
        .skip(Math.max(0, lines.size() - 12))
        .forEach(text -> err.println(screen.dim(cut("           | " + speaker + text))));
  }

  private void reply(Reply reply) {
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text(String text) -> Screen.harmless(text.strip()).lines().forEach(this::said);
        case Part.Thinking ignored -> {}
        case Part.Call(ToolCall call) -> line("agent", screen.cyan(call(call)));
        case Part.Deed(String name, String subject, boolean failed) ->
            line(
                failed ? screen.yellow("failed") : "agent",
                screen.cyan(oneLine(name + " " + subject)));
      }
    }
  }

  /** Prose, broken between words at the width of a terminal; its first line has the speaker. */
  private void said(String text) {
    String word = "agent";
    String rest = text;
    int room = WIDTH - 11;
    while (rest.length() > room) {
      int blank = rest.lastIndexOf(' ', room);
      int end = blank > 0 ? blank : room;
      line(word, rest.substring(0, end));
      word = "";
      rest = rest.substring(end).stripLeading();
    }
    line(word, rest);
  }

  static String call(ToolCall call) {
    String subject =
        call.arguments() instanceof ToolCall.Valid(Map<String, Object> values)
            ? List.of("command", "path", "pattern", "glob", "summary").stream()
                .filter(values::containsKey)
                .map(key -> String.valueOf(values.get(key)))
                .findFirst()
                .orElse("")
            : "(malformed)";
    return oneLine(call.name() + " " + subject);
  }

  private static String oneLine(String text) {
    return cut(Screen.harmless(text.strip()).replace('\n', ' '), WIDTH - 11);
  }

  private void trouble(ToolResult result) {
    if (result.failed()) {
      boolean ran = result.text().startsWith("exit code ");
      line(
          screen.yellow(ran ? "ended" : "refused"),
          cut(Screen.harmless(result.text()).lines().findFirst().orElse(""), WIDTH - 11));
    }
  }

  private void over(RunState state, TaskId id, Recorded recorded) {
    TaskState task = state.tasks().task(id);
    String figures =
        task.attempts() == 0
            ? ""
            : "  %s, %s, %s"
                .formatted(
                    Words.count(task.attempts(), "attempt"),
                    Words.spent(task.usage()),
                    Words.duration(Words.took(task, recorded.at())));
    String word = task.status() == TaskStatus.COMPLETED ? "done" : Words.status(task);
    line(Words.paint(screen, task.status(), word), how(task) + figures);
  }

  private static String how(TaskState task) {
    if (task.status() != TaskStatus.COMPLETED) {
      return Screen.harmless(task.remark()).lines().findFirst().orElse("");
    }
    return task.verified() ? "verified" : "not verified: the task has no post-hook";
  }

  /** A word for what it is, padded by what is seen of it, and the text. */
  private void line(String word, String text) {
    int seen = word.replaceAll("\u001B\\[[0-9]*m", "").length();
    err.println("  " + word + " ".repeat(Math.max(1, 9 - seen)) + speaker + text);
  }

  private static String cut(String text) {
    return cut(text, WIDTH);
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 3) + "...";
  }
}
