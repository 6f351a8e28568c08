package dev.agentrunner.core.edit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts one text in place of another in a file. Works on bytes, so that whatever else the file
 * holds, valid text or not, stays as it is.
 *
 * @param oldText what stands there now, exactly; not empty
 * @param newText what shall stand there; another than {@code oldText}
 * @param everywhere whether every occurrence is meant; otherwise there must be just one
 */
public record Replacement(String oldText, String newText, boolean everywhere) {

  /** What came of it. */
  public sealed interface Result {

    /** The whole file as it is to be; {@code places} were changed. */
    record Changed(byte[] content, int places) implements Result {}

    /** Nothing to write; {@code reason} helps the model to do better. */
    record Refused(String reason) implements Result {}
  }

  public Result applyTo(byte[] file) {
    if (oldText.isEmpty()) {
      return new Result.Refused(
          "old_text is empty; to create or replace a whole file use write_file");
    }
    if (oldText.equals(newText)) {
      return new Result.Refused("old_text and new_text are the same; nothing would change");
    }
    byte[] old = oldText.getBytes(StandardCharsets.UTF_8);
    int places = count(file, old);
    if (places == 0 && hasCrLf(file)) {
      // The file ends its lines with CRLF; models write LF. The file's own ending wins.
      Replacement crlf = new Replacement(toCrLf(oldText), toCrLf(newText), everywhere);
      byte[] oldCrLf = crlf.oldText.getBytes(StandardCharsets.UTF_8);
      int found = Arrays.equals(old, oldCrLf) ? 0 : count(file, oldCrLf);
      return found == 0 ? notFound(file) : crlf.replace(file, oldCrLf, found);
    }
    return places == 0 ? notFound(file) : replace(file, old, places);
  }

  private Result replace(byte[] file, byte[] old, int places) {
    if (places > 1 && !everywhere) {
      return new Result.Refused(
          "old_text stands in %d places; add lines around it until it is unique, or set replace_all"
              .formatted(places));
    }
    byte[] with = newText.getBytes(StandardCharsets.UTF_8);
    byte[] result =
        new byte[Math.toIntExact(file.length + (long) places * (with.length - old.length))];
    int read = 0;
    int written = 0;
    for (int at = find(file, old, 0); at >= 0; at = find(file, old, read)) {
      System.arraycopy(file, read, result, written, at - read);
      written += at - read;
      System.arraycopy(with, 0, result, written, with.length);
      written += with.length;
      read = at + old.length;
    }
    System.arraycopy(file, read, result, written, file.length - read);
    return new Result.Changed(result, places);
  }

  private Result notFound(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    String wanted = oldText.strip().lines().findFirst().orElse("").strip();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (!wanted.isEmpty() && line.strip().equals(wanted)) {
        return new Result.Refused(
            "old_text does not stand in the file. Line %d is like its first line: %s%nRead the file again and copy the text exactly, white space included."
                .formatted(number, line));
      }
    }
    return new Result.Refused(
        "old_text does not stand in the file, nor does its first line. Read the file again and copy the text exactly.");
  }

  private static int count(byte[] file, byte[] wanted) {
    int n = 0;
    for (int at = find(file, wanted, 0); at >= 0; at = find(file, wanted, at + wanted.length)) {
      n++;
    }
    return n;
  }

  private static int find(byte[] file, byte[] wanted, int from) {
    for (int at = from; at <= file.length - wanted.length; at++) {
      if (file[at] == wanted[0]
          && Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean hasCrLf(byte[] file) {
    for (int i = 1; i < file.length; i++) {
      if (file[i] == '\n' && file[i - 1] == '\r') {
        return true;
      }
    }
    return false;
  }

  private static String toCrLf(String text) {
    return text.replace("\r\n", "\n").replace("\n", "\r\n");
  }
}
