package dev.agentrunner.cli;

import dev.agentrunner.core.chat.ChatRequest.CallId;
import dev.agentrunner.core.run.Recorded;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.task.HookId;
import dev.agentrunner.core.task.TaskId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Another view with what a job of GitHub Actions makes more of, on standard error: a group for each
 * task, and notes at the task's line of the list.
 *
 * <pre>
 * ::group::[2/3] T2 Add a count command
 *   …                                                    what the other view prints
 * ::endgroup::
 * ::error file=tasks.yml,line=9,title=T2 failed::unit-tests ended with exit code 1
 * </pre>
 *
 * <p>In between, commands are switched off by a word that nobody else knows: what an agent or a
 * hook prints must not be taken for one.
 *
 * <p>Source: docs.github.com, "Workflow commands for GitHub Actions", read 2026-11-21.
 */
final class GithubView implements View {

  private final View inner;
  private final PrintStream err;
  private final String secret;
  private Optional<TaskId> open = Optional.empty();
  private String list = "";
  private Map<TaskId, Integer> lines = Map.of();

  /**
   * @param secret a word that cannot be guessed
   */
  GithubView(View inner, PrintStream err, String secret) {
    this.inner = inner;
    this.err = err;
    this.secret = secret;
  }

  @Override
  public void helm(Helm helm) {
    inner.helm(helm);
  }

  @Override
  public Optional<Dialogue> dialogue() {
    return inner.dialogue();
  }

  @Override
  public void opening(Opening opening) {
    list = opening.list().file();
    lines = opening.list().lines();
    err.println("::stop-commands::" + secret);
    inner.opening(opening);
  }

  @Override
  public void waiting(Instant due, Instant now) {
    inner.waiting(due, now);
  }

  @Override
  public void release() {
    inner.release();
  }

  @Override
  public void closing(Ending ending) {
    inner.closing(ending);
    err.println("::" + secret + "::");
  }

  @Override
  public void modelText(CallId call, String delta) {
    inner.modelText(call, delta);
  }

  @Override
  public void modelThinking(CallId call, String delta) {
    inner.modelThinking(call, delta);
  }

  @Override
  public void modelCalls(CallId call, String tool) {
    inner.modelCalls(call, tool);
  }

  @Override
  public void modelSilent(CallId call, Duration since) {
    inner.modelSilent(call, since);
  }

  @Override
  public void hookOutput(TaskId task, HookId hook, byte[] chunk) {
    inner.hookOutput(task, hook, chunk);
  }

  @Override
  public void recorded(Recorded recorded, RunState state) {
    if (recorded.event() instanceof RunEvent.TaskStarted e) {
      group(e.task(), state);
    }
    inner.recorded(recorded, state);
    annotate(recorded.event());
  }

  private void annotate(RunEvent event) {
    switch (event) {
      case RunEvent.TaskCompleted e -> endGroup(e.task());
      case RunEvent.TaskFailed e -> {
        endGroup(e.task());
        note("error", e.task(), "failed", e.reason());
      }
      case RunEvent.TaskSkipped e -> {
        endGroup(e.task());
        note("warning", e.task(), "was skipped", e.reason());
      }
      case RunEvent.TaskBlocked e ->
          note(
              "warning",
              e.task(),
              "was not begun",
              "It needs %s, which is not done.".formatted(e.by()));
      case RunEvent.EscalationRaised e ->
          note("warning", e.task(), "needs a decision", e.escalation().summary());
      case RunEvent.LimitReached e ->
          note("notice", e.task(), "waits for a limit", EventText.of(e));
      case RunEvent.RunPaused e -> {
        open.ifPresent(this::endGroup);
        stopped(e);
      }
      case RunEvent.RunFailed e -> note("error", "The run failed", e.reason());
      case RunEvent.RunCanceled e -> note("warning", "The run was given up", e.reason());
      default -> {
        // The rest is for the log of the job alone.
      }
    }
  }

  private void stopped(RunEvent.RunPaused pause) {
    String until = pause.resumeAt().map(at -> "; safe to go on after " + at).orElse("");
    switch (pause.reason()) {
      case QUOTA -> note("notice", "The run waits for a quota", pause.message() + until);
      case BUDGET -> note("warning", "The budget is used up", pause.message());
      case NEEDS_PERSON -> note("warning", "A person must decide", pause.message());
      case INTERRUPTED -> note("warning", "The run was stopped", pause.message());
      case ENVIRONMENT -> note("error", "The run was stopped", pause.message());
    }
  }

  private void group(TaskId task, RunState state) {
    open.ifPresent(this::endGroup);
    var meant = state.tasks().task(task);
    command(
        "group",
        "",
        "[%d/%d] %s %s"
            .formatted(
                state.tasks().indexOf(meant) + 1,
                state.tasks().size(),
                task,
                meant.planned().title()));
    open = Optional.of(task);
  }

  private void endGroup(TaskId task) {
    if (open.equals(Optional.of(task))) {
      command("endgroup", "", "");
      open = Optional.empty();
    }
  }

  private void note(String level, TaskId task, String what, String message) {
    String place = Optional.ofNullable(lines.get(task)).map(line -> ",line=" + line).orElse("");
    note(level, place, task + " " + what, message);
  }

  private void note(String level, String title, String message) {
    note(level, "", title, message);
  }

  private void note(String level, String place, String title, String message) {
    command(
        level, " file=%s%s,title=%s".formatted(property(list), place, property(title)), message);
  }

  private void command(String name, String properties, String message) {
    List.of(
            "::" + secret + "::",
            "::%s%s::%s".formatted(name, properties, data(message)),
            "::stop-commands::" + secret)
        .forEach(err::println);
  }

  private static String data(String text) {
    return Screen.harmless(text.strip().replace("\r\n", "\n"))
        .replace("%", "%25")
        .replace("\r", "%0D")
        .replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
