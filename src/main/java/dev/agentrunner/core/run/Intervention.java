package dev.agentrunner.core.run;

import java.util.List;
import java.util.Optional;

/** What a person decides about a task of a run that nobody works on at the moment. */
public sealed interface Intervention {

  /** It is worked on again, whatever became of it. */
  record Again() implements Intervention {}

  /** It is tried once more, and the next attempts are told something on top of the task. */
  record Advise(String text) implements Intervention {}

  /** It is left out. */
  record Leave(String reason) implements Intervention {}

  /** What the agent asked is answered. */
  record Answer(String text) implements Intervention {}

  /** The events that say so; empty if it makes no sense for the task: nothing was asked. */
  default Optional<List<RunEvent>> on(TaskState task) {
    return switch (this) {
      case Again() -> Optional.of(List.of(new RunEvent.TaskReopened(task.id())));
      case Advise(String text) ->
          task.stage().orElse(null) instanceof Stage.Asking
              ? Optional.of(
                  List.of(
                      new RunEvent.PersonAnswered(
                          task.id(), Decision.RETRY, "person", Optional.of(text))))
              : Optional.empty();
      case Leave(String reason) ->
          Optional.of(
              List.of(
                  new RunEvent.TaskReopened(task.id()),
                  new RunEvent.TaskSkipped(task.id(), reason)));
      case Answer(String text) ->
          asksSomething(task)
              ? Optional.of(List.of(new RunEvent.QuestionAnswered(task.id(), text)))
              : Optional.empty();
    };
  }

  private static boolean asksSomething(TaskState task) {
    return task.stage().orElse(null) instanceof Stage.Asking asking
        && asking.escalation().cause() == Escalation.Cause.QUESTION;
  }
}
