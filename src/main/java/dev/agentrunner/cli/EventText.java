package dev.agentrunner.cli;

import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.run.FileChange;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.tamper.Suspicion;
import dev.agentrunner.core.task.TaskId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an event says, beyond its type and task, in one line. */
final class EventText {

  private static final int WIDTH = 100;

  private EventText() {}

  static String of(RunEvent event) {
    String text =
        switch (event) {
          case RunEvent.RunStarted e -> "%s, %d tasks".formatted(e.list(), e.tasks().size());
          case RunEvent.RunResumed e -> e.decision();
          case RunEvent.RunPaused e -> e.reason() + ": " + e.message();
          case RunEvent.RunWarned e -> e.message();
          case RunEvent.RunCompleted e -> "";
          case RunEvent.RunFailed e -> e.reason();
          case RunEvent.RunCanceled e -> e.reason();
          case RunEvent.TaskStarted e -> e.apart() ? "in a worktree of its own" : "";
          case RunEvent.WorktreeOpened e -> "tree %.12s".formatted(e.base());
          case RunEvent.TaskCompleted e ->
              (e.verified() ? "verified: " : "unverified: ") + e.summary();
          case RunEvent.TaskFailed e -> e.reason();
          case RunEvent.TaskSkipped e -> e.reason();
          case RunEvent.TaskReopened e -> "";
          case RunEvent.TaskBlocked(TaskId task, TaskId by) -> "by " + by;
          case RunEvent.AttemptStarted e ->
              "%s %s, prompt of %d characters"
                  .formatted(e.provider(), e.model(), e.prompt().length());
          case RunEvent.AgentFinished e -> e.summary();
          case RunEvent.AttemptFailed e -> e.reason();
          case RunEvent.CheckpointTaken e ->
              "%s, tree %.12s%s"
                  .formatted(
                      e.when().name().toLowerCase(Locale.ROOT),
                      e.tree(),
                      e.note().isEmpty() ? "" : "; left out: " + e.note().replace('\n', ','));
          case RunEvent.FolderRestored e -> "tree %.12s, %d files".formatted(e.tree(), e.files());
          case RunEvent.TamperFound e ->
              Stream.concat(
                      e.restored().stream().map(path -> "put back " + path),
                      e.suspicions().stream().map(Suspicion::shown))
                  .collect(Collectors.joining("; "));
          case RunEvent.HookStarted e -> e.hook().value();
          case RunEvent.HookEnded e ->
              "%s: %s after %d ms"
                  .formatted(e.hook(), e.result().verdict(), e.result().took().toMillis());
          case RunEvent.HookSkipped e -> e.hook() + ": " + e.reason();
          case RunEvent.HookWaived e -> e.hook() + ": " + e.reason();
          case RunEvent.ModelAsked e -> "turn " + e.turn();
          case RunEvent.ModelReplied e -> "turn " + e.turn() + ": " + reply(e.reply());
          case RunEvent.ModelFailed e -> e.failure().message();
          case RunEvent.ProviderSwitched e ->
              "%s to %s %s%s: %s"
                  .formatted(
                      e.from(), e.provider(), e.model(), e.fresh() ? ", anew" : "", e.reason());
          case RunEvent.ProviderLost e -> e.provider() + ": " + e.message();
          case RunEvent.ToolCalled e -> e.name() + paths(e.changes());
          case RunEvent.ToolReturned e -> e.result().name() + ": " + e.result().text();
          case RunEvent.EditApplied e -> e.result().text();
          case RunEvent.EditRefused e -> e.result().text();
          case RunEvent.MergeStarted e -> MergeText.of(e);
          case RunEvent.MergeEnded e -> MergeText.of(e);
          case RunEvent.GitCommitting e -> paths(e.changes()).strip();
          case RunEvent.GitCommitted e -> e.commit() + " on " + e.branch();
          case RunEvent.GitPushing e -> e.branch() + " to " + e.remote();
          case RunEvent.GitPushed e -> e.branch() + " to " + e.remote();
          case RunEvent.GitDeclined e ->
              "no %s: %s".formatted(e.step().name().toLowerCase(Locale.ROOT), e.reason());
          case RunEvent.StepInterrupted e -> e.step();
          case RunEvent.ApprovalRequested e -> e.why() + ": " + e.shown().replace("\n", " ");
          case RunEvent.ApprovalGiven e ->
              "%s by %s%s"
                  .formatted(
                      e.consent().word(),
                      e.by(),
                      e.consent().reason().isEmpty() ? "" : ": " + e.consent().reason());
          case RunEvent.LimitReached e -> e.message() + ", resets at " + e.resetsAt();
          case RunEvent.EscalationRaised e -> e.escalation().summary();
          case RunEvent.SkipRequested e -> e.reason();
          case RunEvent.QuestionAnswered e -> e.text();
          case RunEvent.PersonTold e -> e.text();
          case RunEvent.PersonAnswered e ->
              e.decision() + " by " + e.by() + e.advice().map(": "::concat).orElse("");
        };
    String first = text.lines().findFirst().orElse("");
    return first.length() <= WIDTH ? first : first.substring(0, WIDTH - 3) + "...";
  }

  private static String reply(Reply reply) {
    String calls = reply.calls().stream().map(ToolCall::name).collect(Collectors.joining(", "));
    return "%d tokens%s"
        .formatted(
            reply.usage().totalTokens(),
            calls.isEmpty() ? ", " + reply.text().strip() : ", calls " + calls);
  }

  private static String paths(List<FileChange> changes) {
    return changes.stream().map(FileChange::path).collect(Collectors.joining(", ", " ", ""));
  }
}
