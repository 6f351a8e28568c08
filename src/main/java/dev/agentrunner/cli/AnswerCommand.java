package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.Escalation;
import dev.agentrunner.core.run.RunEvent;
import dev.agentrunner.core.run.Stage;
import dev.agentrunner.core.run.TaskState;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code answer}. */
@Command(
    name = "answer",
    mixinStandardHelpOptions = true,
    description = {
      "Answer what the agent asked about a task of the last run.",
      "",
      "Only writes that down; resume goes on with the conversation where it stands. To other questions, retry and skip are the answers."
    },
    sortOptions = false)
final class AnswerCommand implements Callable<Integer> {

  private final Tools tools;

  @Parameters(index = "0", paramLabel = "TASK", description = "The id of the task.")
  private String id = "";

  @Parameters(index = "1", paramLabel = "TEXT", description = "What the agent is told.")
  private String text = "";

  @Mixin private Place place = new Place();

  AnswerCommand(Tools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    if (text.isBlank()) {
      throw new UsageException("an empty answer tells the agent nothing; say what it is to do");
    }
    new Amendment(tools, place)
        .write(List.of(id), "Answered: " + id, task -> List.of(answer(task)));
    return ExitCode.DONE.number();
  }

  private RunEvent answer(TaskState task) {
    if (task.stage().orElse(null) instanceof Stage.Asking asking
        && asking.escalation().cause() == Escalation.Cause.QUESTION) {
      return new RunEvent.QuestionAnswered(task.id(), text.strip());
    }
    throw new UsageException(
        "the agent asked nothing about %s; to have it worked on again: agent-runner retry %s"
            .formatted(id, id));
  }
}
