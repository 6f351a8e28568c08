package dev.agentrunner.core.run;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.policy.CommandPolicy;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.task.ToolSettings;
import java.util.List;
import java.util.Map;

/**
 * Which of the agent's tool calls may be made. Tools that work on the task's files see to it
 * themselves that they stay there, and need no leave.
 *
 * @param granted rules that a person gave on top, for this run
 */
public record CallPolicy(ToolSettings settings, List<String> granted) {

  /** The tool that runs commands. */
  public static final String RUN_COMMAND = "run_command";

  public Verdict decide(ToolCall call) {
    return call.name().equals(RUN_COMMAND)
            && call.arguments() instanceof ToolCall.Valid(Map<String, Object> values)
            && values.get("command") instanceof String line
        ? new CommandPolicy(settings.commands(), granted).decide(line)
        : new Verdict.Allow(true);
  }
}
