package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one hunk. The numbers in its header say where it ends, if they are right; if not, the signs
 * do.
 */
final class HunkReader {

  private static final Pattern HEADER =
      Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");

  private final List<Line> lines;
  private final List<Integer> numbers;
  private final int header;
  private final List<Hunk.Entry> entries = new ArrayList<>();
  private int at;

  /**
   * @param header where the {@code @@} line is
   */
  HunkReader(List<Line> lines, List<Integer> numbers, int header) {
    this.lines = lines;
    this.numbers = numbers;
    this.header = header;
  }

  /** The first line that is not of the hunk. */
  int end() {
    return at;
  }

  Hunk read() {
    if (text(header).startsWith("@@@")) {
      throw broken(header, "diffs of merges cannot be applied");
    }
    Matcher numbered = HEADER.matcher(text(header));
    OptionalInt start = OptionalInt.empty();
    boolean counted = false;
    if (numbered.matches()) {
      int old = count(numbered, 2);
      int first = Integer.parseInt(numbered.group(1));
      start = OptionalInt.of(old == 0 ? first : Math.max(0, first - 1));
      counted = readCounted(old, count(numbered, 4));
    }
    if (!counted) {
      readBySigns();
    }
    if (entries.isEmpty()) {
      throw broken(header, "the hunk is empty");
    }
    return new Hunk(numbers.get(header), start, entries);
  }

  private static int count(Matcher header, int group) {
    return Optional.ofNullable(header.group(group)).map(Integer::parseInt).orElse(1);
  }

  private boolean readCounted(int old, int added) {
    int oldLeft = old;
    int newLeft = added;
    begin();
    while (oldLeft > 0 || newLeft > 0 || newlineMark(at)) {
      if (newlineMark(at)) {
        withoutNewline();
        continue;
      }
      Optional<Hunk.Sign> sign = at < lines.size() ? sign(text(at)) : Optional.empty();
      if (sign.isEmpty()) {
        return false;
      }
      oldLeft -= sign.get() == Hunk.Sign.ADDED ? 0 : 1;
      newLeft -= sign.get() == Hunk.Sign.REMOVED ? 0 : 1;
      if (oldLeft < 0 || newLeft < 0) {
        return false;
      }
      add(sign.get());
    }
    return boundary(at) || text(at).isEmpty() || sign(text(at)).isEmpty();
  }

  private void readBySigns() {
    begin();
    while (!boundary(at)) {
      if (newlineMark(at)) {
        withoutNewline();
        continue;
      }
      Optional<Hunk.Sign> sign = sign(text(at));
      if (sign.isEmpty()) {
        if (prose(at)) {
          break;
        }
        throw broken(at, "a line of a hunk must begin with a space, + or -, and this one does not");
      }
      add(sign.get());
    }
    // Blank lines without a sign at the end only part the hunk from what follows.
    while (!entries.isEmpty() && text(at - 1).isEmpty()) {
      entries.removeLast();
      at--;
    }
    skipBlank();
  }

  private void begin() {
    entries.clear();
    at = header + 1;
  }

  private void skipBlank() {
    while (at < lines.size() && text(at).isEmpty()) {
      at++;
    }
  }

  private void add(Hunk.Sign sign) {
    Line line = lines.get(at);
    String text = line.text().isEmpty() ? "" : line.text().substring(1);
    // The last line of a reply that was cut of its newline is a whole line all the same.
    entries.add(
        new Hunk.Entry(sign, new Line(text, line.ending().isEmpty() ? Line.LF : line.ending())));
    at++;
  }

  private boolean newlineMark(int index) {
    return index < lines.size() && text(index).startsWith("\\ ");
  }

  private void withoutNewline() {
    if (entries.isEmpty()) {
      throw broken(at, "there is no line above that this could be about");
    }
    Hunk.Entry last = entries.removeLast();
    // A carriage return there is the line's own: without the newline it ends nothing.
    String text = last.line().text() + (last.line().ending().equals(Line.CRLF) ? "\r" : "");
    entries.add(new Hunk.Entry(last.sign(), new Line(text, "")));
    at++;
  }

  private static Optional<Hunk.Sign> sign(String text) {
    if (text.isEmpty()) {
      return Optional.of(Hunk.Sign.KEPT); // trimmed of its space on the way
    }
    return switch (text.charAt(0)) {
      case ' ' -> Optional.of(Hunk.Sign.KEPT);
      case '-' -> Optional.of(Hunk.Sign.REMOVED);
      case '+' -> Optional.of(Hunk.Sign.ADDED);
      default -> Optional.empty();
    };
  }

  private boolean boundary(int index) {
    return index >= lines.size()
        || text(index).startsWith("@@")
        || text(index).startsWith("diff ")
        || text(index).startsWith("Index: ")
        || text(index).equals("-- ")
        || DiffLines.names(lines, index);
  }

  /** Whether a diff has ended, after a blank line, and people's words follow. */
  private boolean prose(int index) {
    boolean parted = index > header + 1 && text(index - 1).isEmpty();
    for (int i = index; parted && !boundary(i); i++) {
      parted = !text(i).startsWith("+") && !text(i).startsWith("-");
    }
    return parted;
  }

  private String text(int index) {
    return lines.get(index).text();
  }

  private UnreadableReplyException broken(int index, String why) {
    return new UnreadableReplyException(
        numbers.get(index), "%s: \"%s\".".formatted(why, Nearest.shown(text(index))));
  }
}
