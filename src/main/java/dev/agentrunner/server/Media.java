package dev.agentrunner.server;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Types of bodies: what a client takes, and what it sends. */
final class Media {

  static final String YAML = "application/yaml";

  private Media() {}

  /**
   * Refuses a client that takes nothing of what it would be sent.
   *
   * @param accept as it was sent
   * @throws ProblemException if so
   */
  static void checkAccepted(@Nullable String accept, String produced) {
    if (accept == null || accept.isBlank() || produced.equals(Route.ANY)) {
      return;
    }
    String kind = produced.substring(0, produced.indexOf('/')) + "/*";
    for (String one : accept.split(",")) {
      String type = essence(one);
      boolean never = one.replace(" ", "").matches("(?i).*;q=0(\\.0*)?(;.*)?");
      if (!never && (type.equals(produced) || type.equals(kind) || type.equals(Route.ANY))) {
        return;
      }
    }
    throw new ProblemException(
        Problem.of(
            406,
            "not-acceptable",
            "The client takes nothing of what it would be sent",
            "This answers with " + produced + "."));
  }

  /**
   * Refuses a body of another type than those taken.
   *
   * @param contentType as it was sent
   * @throws ProblemException if so
   */
  static void checkSent(@Nullable String contentType, Set<String> taken) {
    String type = contentType == null ? "" : contentType;
    String rest = type.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "");
    boolean utf8 = !rest.contains(";charset=") || rest.contains(";charset=utf-8");
    if (!taken.contains(essence(type)) || !utf8) {
      throw new ProblemException(
          unsupported(
              "Bodies are taken as %s in UTF-8."
                  .formatted(String.join(" or ", taken.stream().sorted().toList()))));
    }
  }

  static Problem unsupported(String detail) {
    return Problem.of(
        415, "unsupported-media-type", "The body is of a type that is not taken", detail);
  }

  static boolean isJson(@Nullable String contentType) {
    return contentType != null && essence(contentType).equals(Answer.JSON);
  }

  private static String essence(String type) {
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
