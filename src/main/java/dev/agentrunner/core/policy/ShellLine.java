package dev.agentrunner.core.policy;

import java.util.List;
import java.util.Optional;

/**
 * What a line for a shell comes down to.
 *
 * @param commands every program it starts, as far as that can be seen: in pipes, lists, subshells
 *     and substitutions
 * @param grouped whether some of them are in a subshell or a substitution
 * @param doubt what in it cannot be judged from its text; {@code commands} may lack some then
 */
record ShellLine(List<SimpleCommand> commands, boolean grouped, Optional<String> doubt) {

  ShellLine {
    commands = List.copyOf(commands);
  }

  /** Reads {@code line} as a POSIX shell or bash would; never throws. */
  static ShellLine read(String line) {
    return new ShellReader(line).read();
  }
}
