package dev.agentrunner.cli;

import dev.agentrunner.cli.CommandLineInterface.Tools;
import dev.agentrunner.core.run.Intervention;
import dev.agentrunner.core.run.RunEvent;
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
    new Amendment(tools, place).write(List.of(id), "Answered: " + id, this::answer);
    return ExitCode.DONE.number();
  }

  private List<RunEvent> answer(TaskState task) {
    return new Intervention.Answer(text.strip())
        .on(task)
        .orElseThrow(() ->
            new UsageException(
                "the agent asked nothing about %s; to have it worked on again: agent-runner retry %s"
                    .formatted(id, id)));
  }
}
