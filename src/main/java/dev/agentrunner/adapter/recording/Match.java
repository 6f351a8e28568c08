package dev.agentrunner.adapter.recording;

import dev.agentrunner.port.UsageException;

/** How alike a question must be to the one that was recorded. */
public enum Match {
  /** The same model, system text, tools, and new messages, as far as the cassette has them. */
  STRICT,
  /** The same task, attempt and turn. */
  LOOSE;

  /**
   * @throws UsageException if {@code written} is neither {@code strict} nor {@code loose}
   */
  public static Match of(String written) {
    return switch (written) {
      case "strict" -> STRICT;
      case "loose" -> LOOSE;
      default ->
          throw new UsageException("match: " + written + " is not possible; write strict or loose");
    };
  }
}
