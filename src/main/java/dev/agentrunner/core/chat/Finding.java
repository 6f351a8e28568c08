package dev.agentrunner.core.chat;

import java.util.Optional;

/**
 * One thing found while looking whether a provider can be asked.
 *
 * @param what was looked at, such as {@code key} or {@code model}; one word
 * @param detail for people; may be empty
 * @param cure who must do what; empty where nothing must be done, or {@code detail} says it already
 * @param spent what looking took; empty if it took nothing
 */
public record Finding(
    String what, Verdict verdict, String detail, String cure, Optional<Usage> spent) {

  /** How it looks. */
  public enum Verdict {
    OK,
    /** No call will work until somebody acts. */
    PROBLEM,
    /** It could not be seen. */
    UNKNOWN
  }

  public static Finding ok(String what, String detail) {
    return new Finding(what, Verdict.OK, detail, "", Optional.empty());
  }

  public static Finding problem(String what, String detail, String cure) {
    return new Finding(what, Verdict.PROBLEM, detail, cure, Optional.empty());
  }

  public static Finding unknown(String what, String detail) {
    return new Finding(what, Verdict.UNKNOWN, detail, "", Optional.empty());
  }
}
