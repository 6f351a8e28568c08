package dev.agentrunner.core.run;

/**
 * An answer to whether a tool call may be made.
 *
 * @param reason in the answerer's words, for the model; may be empty
 */
public record Consent(Word word, String reason) {

  /** What was said. */
  public enum Word {
    /** This call, this once. */
    YES,
    /** Not this call; the model is told why. */
    NO,
    /** This call, and for the rest of the run whatever the rules that were shown allow. */
    ALWAYS
  }
}
