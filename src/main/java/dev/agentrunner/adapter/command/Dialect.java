package dev.agentrunner.adapter.command;

import java.util.List;
import java.util.Map;

/** How to start one kind of agent, and how to understand it. */
interface Dialect {

  /** The program and the words that choose its command, such as {@code codex exec}. */
  List<String> program();

  /** Flags for {@code errand}, to follow {@link #program}. */
  List<String> flags(Errand errand, Permissions permissions);

  /** What the agent is told, by whatever way. */
  default String prompt(Errand errand) {
    return errand.inOnePiece();
  }

  /** How the prompt reaches it unless something else is configured. */
  default PromptWay promptWay() {
    return PromptWay.STDIN;
  }

  /** The flag that names a file with the prompt, as words before the path. */
  default List<String> promptFile() {
    return List.of();
  }

  /** Variables of its own that it is to have. */
  default Map<String, String> variables(Permissions permissions) {
    return Map.of();
  }

  /** What makes the program tell its version; empty if nobody knows. */
  default List<String> versionWords() {
    return List.of("--version");
  }

  /** What makes it end with 0 only if somebody is logged in; empty if nothing does. */
  default List<String> loginWords() {
    return List.of();
  }

  /** Understands one run of it. */
  Hearing hearing(Errand errand);

  /** Whether it counts a resumed session from its beginning, not from where it was resumed. */
  default boolean countsWholeSession() {
    return false;
  }

  /** Whether a failure means that there is no such session, so that a new one may do. */
  default boolean sessionUnknown(String complaint) {
    return false;
  }

  /** Reads one run's output, line by line. */
  interface Hearing {

    /** What a line of standard output says; nothing where it is not understood. */
    List<Signal> line(String line);

    /** Whether a run that goes well ends with a word that it did. */
    boolean tellsItsEnd();

    /** What is known only when there is no more to come. */
    default List<Signal> end() {
      return List.of();
    }
  }
}
