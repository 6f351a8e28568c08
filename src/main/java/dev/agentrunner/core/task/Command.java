package dev.agentrunner.core.task;

import java.util.List;

/** What a hook starts. */
public sealed interface Command {

  /** The command as a person would type it. */
  String shown();

  /** A line for the shell of the system: {@code sh -c} or {@code cmd /c}. */
  record Shell(String line) implements Command {

    @Override
    public String shown() {
      return line;
    }
  }

  /** A program and its arguments, taken as they stand; no shell reads them. */
  record Program(List<String> words) implements Command {

    public Program {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("a program needs a name");
      }
    }

    @Override
    public String shown() {
      return String.join(" ", words);
    }
  }
}
