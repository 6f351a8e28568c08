package dev.agentrunner.core.policy;

import java.util.List;

/**
 * What the user says about commands. Deny outweighs ask, and ask outweighs allow.
 *
 * @param readOnly whether commands that are known to only look need no rule
 */
public record CommandRules(
    List<CommandPattern> allow,
    List<CommandPattern> ask,
    List<CommandPattern> deny,
    boolean readOnly) {

  /** Nothing is said: what only looks may run, the rest is asked for. */
  public static final CommandRules NONE = new CommandRules(List.of(), List.of(), List.of(), true);

  public CommandRules {
    allow = List.copyOf(allow);
    ask = List.copyOf(ask);
    deny = List.copyOf(deny);
  }
}
