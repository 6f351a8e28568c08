package dev.agentrunner.cli;

import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Step;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a step would do, in one line. */
final class StepText {

  private StepText() {}

  static String of(Step step) {
    return switch (step) {
      case Step.Note(List<RunEvent> events) ->
          events.stream()
              .map(event -> "%s %s".formatted(event.type(), EventText.of(event)).strip())
              .collect(Collectors.joining("; "));
      case Step.TakeCheckpoint s ->
          "keep the folder %s attempt %d of %s"
              .formatted(s.when().name().toLowerCase(Locale.ROOT), s.attempt(), s.task());
      case Step.GuardChecks s ->
          "look what became of the checks of %s, attempt %d".formatted(s.task(), s.attempt());
      case Step.RestoreFolder s -> "put the folder of %s back".formatted(s.task());
      case Step.RunHook s ->
          "run %s-hook %s of %s, attempt %d"
              .formatted(
                  s.stage().name().toLowerCase(Locale.ROOT), s.hook(), s.task(), s.attempt());
      case Step.OpenAttempt s ->
          "begin attempt %d at %s with %s".formatted(s.attempt(), s.task(), s.provider());
      case Step.SwitchProvider s -> "hand %s from %s to %s".formatted(s.task(), s.from(), s.to());
      case Step.AskModel s ->
          "ask %s for turn %d of %s, attempt %d"
              .formatted(s.provider(), s.turn(), s.task(), s.attempt());
      case Step.CallTool s ->
          "call %s (%s) for %s, attempt %d"
              .formatted(s.call().name(), s.call().id(), s.task(), s.attempt());
      case Step.AskApproval s ->
          "ask for leave to call %s (%s) for %s"
              .formatted(s.call().name(), s.call().id(), s.task());
      case Step.Commit s -> "commit %s, attempt %d".formatted(s.task(), s.attempt());
      case Step.Push s -> "push %s".formatted(s.branch());
      case Step.OpenWorktree s -> "make the worktree of %s".formatted(s.task());
      case Step.Merge s -> "merge %s, attempt %d".formatted(s.task(), s.attempt());
      case Step.AwaitTurn s -> "let another task be merged before %s".formatted(s.task());
      case Step.WaitUntil s -> "wait until %s".formatted(s.due());
      case Step.AskPerson(Escalation asked) -> "ask a person about %s".formatted(asked.task());
      case Step.End() -> "nothing";
    };
  }
}
