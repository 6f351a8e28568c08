package dev.agentrunner.adapter.diff;

import com.github.difflib.algorithm.Change;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Differences between two states of a file, as text that people read and {@code git apply} takes.
 */
public final class DiffText {

  private static final int CHARS_MAX = 1_000_000;

  private static final byte[] NOTHING = {};

  /** Lines shown around a change. */
  private static final int CONTEXT = 3;

  private final List<String> before;
  private final List<String> after;

  private DiffText(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The unified diff from {@code before} to {@code after}; nothing if they are the same. Hunks past
   * a million characters are left out, with a line that says so. What is not UTF-8 is read as
   * Latin-1, for people: git would not know it again.
   *
   * @param path with {@code /} between its parts
   * @param before what the file held; empty if there was none
   * @param after what it holds; empty if there is none
   */
  public static String of(String path, Optional<byte[]> before, Optional<byte[]> after) {
    byte[] old = before.orElse(NOTHING);
    byte[] now = after.orElse(NOTHING);
    if (before.isPresent() == after.isPresent() && Arrays.equals(old, now)) {
      return "";
    }
    String from = before.isPresent() ? quoted("a/" + path) : "/dev/null";
    String to = after.isPresent() ? quoted("b/" + path) : "/dev/null";
    StringBuilder text = new StringBuilder();
    text.append("diff --git %s %s\n".formatted(quoted("a/" + path), quoted("b/" + path)));
    text.append(before.isPresent() ? "" : "new file mode 100644\n");
    text.append(after.isPresent() ? "" : "deleted file mode 100644\n");
    if (Lines.isBinary(old) || Lines.isBinary(now)) {
      text.append("Binary files %s and %s differ\n".formatted(from, to));
    } else if (old.length + now.length > 0) {
      text.append("--- %s\n+++ %s\n".formatted(ended(from), ended(to)));
      Charset charset = Lines.charset(old, now);
      new DiffText(Lines.of(old, charset), Lines.of(now, charset)).writeHunks(text);
    }
    return text.toString();
  }

  private void writeHunks(StringBuilder text) {
    List<List<Change>> hunks = hunks();
    for (int i = 0; i < hunks.size(); i++) {
      int length = text.length();
      writeHunk(hunks.get(i), text);
      if (text.length() > CHARS_MAX) {
        text.setLength(length);
        text.append("... too long to show; hunks left out: %d\n".formatted(hunks.size() - i));
        return;
      }
    }
  }

  /** Changes whose context would touch go together. */
  private List<List<Change>> hunks() {
    List<List<Change>> hunks = new ArrayList<>();
    for (Change change : Changes.between(before, after)) {
      boolean near =
          !hunks.isEmpty()
              && change.startOriginal - hunks.getLast().getLast().endOriginal <= 2 * CONTEXT;
      if (!near) {
        hunks.add(new ArrayList<>());
      }
      hunks.getLast().add(change);
    }
    return hunks;
  }

  private void writeHunk(List<Change> changes, StringBuilder text) {
    Change first = changes.getFirst();
    Change last = changes.getLast();
    int above = Math.min(CONTEXT, first.startOriginal);
    int below = Math.min(CONTEXT, before.size() - last.endOriginal);
    text.append("@@ -")
        .append(range(first.startOriginal - above, last.endOriginal + below))
        .append(" +")
        .append(range(first.startRevised - above, last.endRevised + below))
        .append(" @@\n");
    int at = first.startOriginal - above;
    for (Change change : changes) {
      write(' ', before.subList(at, change.startOriginal), text);
      write('-', before.subList(change.startOriginal, change.endOriginal), text);
      write('+', after.subList(change.startRevised, change.endRevised), text);
      at = change.endOriginal;
    }
    write(' ', before.subList(at, at + below), text);
  }

  /** From the line after {@code start}, counted from 1; or, if it has no line, from that before. */
  private static String range(int start, int end) {
    int lines = end - start;
    int from = lines == 0 ? start : start + 1;
    return lines == 1 ? "" + from : from + "," + lines;
  }

  private static void write(char mark, List<String> lines, StringBuilder text) {
    for (String line : lines) {
      text.append(mark).append(line);
      if (!line.endsWith("\n")) {
        text.append("\n\\ No newline at end of file\n");
      }
    }
  }

  /** A name with a space in it needs an end that can be seen. */
  private static String ended(String name) {
    return name.indexOf(' ') >= 0 && !name.startsWith("\"") ? name + "\t" : name;
  }

  /** As git does where a name could be taken for something else, but for letters of any script. */
  private static String quoted(String name) {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F) {
        quoted.append("\\%03o".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.length() == name.length() ? name : "\"" + quoted + "\"";
  }
}
