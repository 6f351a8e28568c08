package dev.agentrunner.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions of things in {@code ETag} and {@code If-Match}: {@code "3"}, or {@code "3.41"} where
 * more than the version moves; only the version is compared when something is changed.
 */
final class Versions {

  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})(?:\\.[0-9a-z.]*)?\"");

  private Versions() {}

  static String tag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * The version that a client has seen and wants to change.
   *
   * @param now the version there is, taken for {@code *}
   * @throws ProblemException if it does not say, or has seen another
   */
  static long seen(Call call, long now) {
    Optional<String> match = call.header("if-match");
    if (match.isEmpty()) {
      throw new ProblemException(
          Problem.of(
              428,
              "precondition-required",
              "It has to be said what is to be changed",
              "Send the ETag that you have seen as If-Match."));
    }
    if (match.get().strip().equals("*")) {
      return now;
    }
    Matcher tag = TAG.matcher(match.get().strip());
    if (tag.matches() && Long.parseLong(tag.group(1)) == now) {
      return now;
    }
    throw changed();
  }

  static ProblemException changed() {
    return new ProblemException(
        Problem.of(
            412,
            "precondition-failed",
            "It is not any more what you have seen",
            "Look at it again, and send the ETag of then as If-Match."));
  }

  /** Whether a client has just that already. */
  static boolean isKnown(Call call, String tag) {
    Optional<String> none = call.header("if-none-match");
    if (none.isEmpty()) {
      return false;
    }
    for (String one : none.get().split(",")) {
      String given = one.strip();
      if (given.equals("*") || (given.startsWith("W/") ? given.substring(2) : given).equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
