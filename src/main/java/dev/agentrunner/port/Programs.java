package dev.agentrunner.port;

import dev.agentrunner.core.task.Command.Program;
import java.time.Duration;
import java.util.Map;

/**
 * Starts programs that tell what they do line by line, and never leaves one behind. Safe for use by
 * many threads.
 */
public interface Programs {

  /**
   * Runs a program to its end; when it returns, the program and everything it started are gone.
   * Never throws for what the program does.
   *
   * @param listener is called on the calling thread
   * @param stop when requested, the program is ended: as by Ctrl+C, then by a request to terminate,
   *     then without asking
   */
  End converse(Talk talk, Listener listener, StopSignal stop);

  /**
   * What to run, and what to tell it.
   *
   * @param folder an absolute path, where it runs
   * @param environment all that it gets; the runner's own is not added
   * @param input what its standard input holds before it ends; may be empty
   * @param silence how long it may say nothing, on either stream
   * @param total how long it may take
   */
  record Talk(
      Program program,
      String folder,
      Map<String, String> environment,
      String input,
      Duration silence,
      Duration total) {

    public Talk {
      environment = Map.copyOf(environment);
    }
  }

  /** Hears what a program says. */
  interface Listener {

    /** A line of its standard output, without its end. */
    void line(String line);

    /** A line of its standard error. */
    void complaint(String line);

    /** It has said nothing for so long; told again every few seconds. */
    void silence(Duration since);
  }

  /** How it ended. */
  sealed interface End {}

  /** By itself. */
  record Exited(int code) implements End {}

  /** By us: it said nothing for {@code limit}. */
  record FellSilent(Duration limit) implements End {}

  /** By us: it was not done after {@code limit}. */
  record TookTooLong(Duration limit) implements End {}

  /** It never ran: no such program, no such folder. */
  record NotStarted(String why) implements End {}

  /** By us, since it was to stop. */
  record Interrupted() implements End {}
}
