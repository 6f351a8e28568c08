package dev.agentrunner.cli;

import dev.agentrunner.core.report.Explanation.Next;
import dev.agentrunner.core.report.Question;
import dev.agentrunner.core.report.Standing;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.RunEvent.RunPaused;
import dev.agentrunner.core.run.RunId;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.RunStatus;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.run.TaskStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands that make sense after a run.
 *
 * @param directory the project's folder, if the user named one
 * @param list the task list, as it can be named from here
 */
record NextCommands(Optional<String> directory, String list, Instant now, ZoneId zone) {

  /** A later run of the same list took the matter over. */
  List<Next> afterLater(RunId later) {
    return List.of(
        new Next("a later run of this list, %s, went on from here".formatted(later), explain()));
  }

  private String explain() {
    return ShellWords.command(directory, "explain");
  }

  List<Next> after(RunState state, Standing standing) {
    return switch (standing) {
      case Standing.Over _ -> afterEnd(state);
      case Standing.Paused(RunPaused pause) -> List.of(resume(when(state, pause)));
      case Standing.CutOff _ -> List.of(resume(""));
      case Standing.GoingOn _ ->
          List.of(new Next("to see how far it is", ShellWords.command(directory, "status")));
    };
  }

  private List<Next> afterEnd(RunState state) {
    List<Next> next = new ArrayList<>();
    List<TaskState> failed =
        state.tasks().stream().filter(task -> task.status() == TaskStatus.FAILED).toList();
    boolean allDone =
        state.tasks().stream().allMatch(task -> task.status() == TaskStatus.COMPLETED);
    if (!allDone) {
      next.add(
          new Next(
              state.status() == RunStatus.COMPLETED
                  ? "to do what was left out"
                  : "to do what is left, failed tasks with fresh attempts",
              ShellWords.command(directory, "run", list)));
    }
    failed.stream()
        .filter(task -> task.checkpoints().first().isPresent())
        .findFirst()
        .map(task -> task.id().value())
        .ifPresent(id ->
            next.add(
                new Next("to see what " + id + " did", ShellWords.command(directory, "diff", id))));
    return next;
  }

  private Next resume(String when) {
    return new Next(when, ShellWords.command(directory, "resume", list));
  }

  private String when(RunState state, RunPaused pause) {
    return switch (pause.reason()) {
      case INTERRUPTED -> "";
      case QUOTA ->
          pause
              .resumeAt()
              .filter(at -> at.isAfter(now))
              .map(at -> "after " + Words.moment(at, now, zone))
              .orElse("now");
      case NEEDS_PERSON -> Question.of(state).map(NextCommands::settle).orElse("at a terminal");
      case BUDGET -> "once the budget is raised";
      case ENVIRONMENT -> "once that is mended";
    };
  }

  private static String settle(Question question) {
    return switch (question) {
      case Question.Decide(var _, Escalation asked) ->
          switch (asked.cause()) {
            case PRE_HOOK -> "once what the hook found is mended; it is run again";
            case QUESTION ->
                "once it is answered, with: agent-runner answer %s \"...\"".formatted(asked.task());
            case POST_HOOK, ATTEMPTS_USED_UP, NO_PROGRESS, MERGE, PUSH_IN_DOUBT ->
                "at a terminal, where you are asked";
          };
      case Question.Permit _ ->
          "at a terminal, where you are asked; or allow it first with tools.run_command.allow";
    };
  }
}
