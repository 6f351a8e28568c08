package dev.agentrunner.core.run;

import java.time.Duration;

/**
 * What came of running a hook once.
 *
 * @param output its standard output and error as one text, cut in the middle where it is long,
 *     control characters made visible; may be empty
 * @param outputBytes how much it printed in all
 * @param outputDigest SHA-256 in hex of all it printed
 */
public record HookResult(
    End end, String output, long outputBytes, String outputDigest, Duration took) {

  /** How it ended. */
  public sealed interface End {}

  /** By itself. */
  public record Exited(int code) implements End {}

  /** By us, since it took longer than {@code limit}. */
  public record TimedOut(Duration limit) implements End {}

  /** It never ran: no such program, no such folder. */
  public record NotStarted(String why) implements End {}

  /** By us, since the run was to stop. Says nothing about the task. */
  public record Interrupted() implements End {}

  public boolean passed() {
    return end instanceof Exited(int code) && code == 0;
  }

  /** Such as {@code exit 1}, for people. */
  public String verdict() {
    return switch (end) {
      case Exited(int code) -> code == 0 ? "passed" : "exit " + code;
      case TimedOut(Duration limit) -> "timed out after " + limit.toSeconds() + " s";
      case NotStarted(String why) -> "could not be started: " + why;
      case Interrupted() -> "interrupted";
    };
  }
}
