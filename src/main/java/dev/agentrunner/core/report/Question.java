package dev.agentrunner.core.report;

import dev.agentrunner.core.run.Approval;
import dev.agentrunner.core.run.Conversation;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.run.RunState;
import dev.agentrunner.core.run.Stage;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.core.task.TaskId;
import java.util.Optional;

/** What a person is asked and has not settled. */
public sealed interface Question {

  TaskId task();

  /** For people; several lines. */
  String summary();

  /** What is to become of a task. */
  record Decide(TaskId task, Escalation escalation) implements Question {

    @Override
    public String summary() {
      return escalation.summary();
    }
  }

  /** Whether a tool may be run. */
  record Permit(TaskId task, ApprovalRequested requested) implements Question {

    @Override
    public String summary() {
      return "leave is needed to run a tool (%s)%n%s".formatted(requested.why(), requested.shown());
    }
  }

  /** The question that the run waits with; empty if there is none. */
  static Optional<Question> of(RunState state) {
    return state.tasks().stream().flatMap(task -> of(task).stream()).findFirst();
  }

  private static Optional<Question> of(TaskState task) {
    return switch (task.stage().orElse(null)) {
      case Stage.Asking(Escalation asked, var _, var _) ->
          Optional.of(new Decide(task.id(), asked));
      case Stage.Talking(Conversation talk) ->
          talk.approval()
              .filter(approval -> approval.given().isEmpty())
              .map(Approval::requested)
              .map(requested -> new Permit(task.id(), requested));
      case null, default -> Optional.empty();
    };
  }
}
