package dev.agentrunner.core.tamper;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A file before and after an agent's work.
 *
 * @param path from the task's folder, with {@code /} between its parts
 * @param before empty if there was no file
 * @param after empty if there is none
 */
public record Revision(String path, Optional<String> before, Optional<String> after) {

  /** What is longer is not read: nobody writes tests or settings of that size. */
  private static final int CHARS_MAX = 1 << 20;

  /** Bytes that are no UTF-8 become characters that stand for nothing. */
  public static Revision of(String path, Optional<byte[]> before, Optional<byte[]> after) {
    return new Revision(path, before.map(Revision::text), after.map(Revision::text));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  boolean isSame() {
    return before.equals(after);
  }

  boolean isGone() {
    return after.isEmpty();
  }

  /** Whether there is so little of it that it can be read. */
  boolean isReadable() {
    return before.orElse("").length() <= CHARS_MAX && after.orElse("").length() <= CHARS_MAX;
  }

  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The same file as it was somewhere else before. */
  Revision from(Revision gone) {
    return new Revision(path, gone.before, after);
  }
}
