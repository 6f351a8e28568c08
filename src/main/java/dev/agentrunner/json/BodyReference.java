package dev.agentrunner.json;

/**
 * Stands in a line for a text that is kept apart: {@code {"$artifact":"<digest>","bytes":N}}.
 *
 * <p>Where a model's own object may stand in the same place, a member of that name gets one more
 * {@code $}, so that the two are never taken for each other.
 */
record BodyReference(String digest, long bytes) {

  static final String DIGEST = "$artifact";
  static final String BYTES = "bytes";

  /** How a member of a model's object is written. */
  static String escaped(String name) {
    return isEscapable(name) ? "$" + name : name;
  }

  /** The member that {@link #escaped} was given. */
  static String unescaped(String written) {
    return written.startsWith("$$") && isEscapable(written) ? written.substring(1) : written;
  }

  private static boolean isEscapable(String name) {
    return name.endsWith(DIGEST)
        && name.chars().limit(name.length() - DIGEST.length()).allMatch(c -> c == '$');
  }
}
