package dev.agentrunner.core.task;

import java.util.List;

/** On what condition a hook is run when its turn comes. */
public sealed interface When {

  /** On none. */
  record Always() implements When {}

  /** Something before it went wrong: a hook on the same side of the agent, or the whole task. */
  record OnFailure() implements When {}

  /**
   * The task changed a file.
   *
   * @param globs of the files that count, from the task's folder
   */
  record Changed(List<String> globs) implements When {

    public Changed {
      globs = List.copyOf(globs);
    }
  }
}
