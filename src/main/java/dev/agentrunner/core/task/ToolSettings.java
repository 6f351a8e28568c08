package dev.agentrunner.core.task;

import dev.agentrunner.core.policy.CommandPattern;
import dev.agentrunner.core.policy.CommandPolicy;
import dev.agentrunner.core.policy.CommandRules;
import java.util.List;

/**
 * How far the agent's tools may go.
 *
 * @param commands which commands may run
 * @param network whether every command reaches the network
 * @param networkFor commands that reach it even so
 * @param variables names of environment variables that commands get, besides the usual few
 * @param unattended what becomes of a command that is asked for when nobody is there
 * @param sandbox what holds commands to their folder
 */
public record ToolSettings(
    CommandRules commands,
    boolean network,
    List<CommandPattern> networkFor,
    List<String> variables,
    Unattended unattended,
    Sandboxing sandbox) {

  /** What holds where nobody says otherwise. */
  public static final ToolSettings STANDARD =
      new ToolSettings(
          CommandRules.NONE, false, List.of(), List.of(), Unattended.REFUSE, Sandboxing.AUTO);

  /** What becomes of a question about a tool call that no person can see. */
  public enum Unattended {
    /** The model is told that nobody is there, and goes on without. */
    REFUSE,
    /** The run stands still until it is resumed where somebody is. */
    PARK
  }

  public ToolSettings {
    networkFor = List.copyOf(networkFor);
    variables = List.copyOf(variables);
  }

  /** Whether the command reaches the network. */
  public boolean network(String line) {
    return network || CommandPolicy.covers(networkFor, line);
  }
}
