package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads patches as codex has them:
 *
 * <pre>
 * *** Begin Patch
 * *** Add File: docs/hello.txt
 * +Hello
 * *** Delete File: old.txt
 * *** Update File: src/app.py
 * *** Move to: src/main.py
 * @@ def greet():
 *  name = "you"
 * -print("Hi")
 * +print("Hello")
 * *** End of File
 * *** End Patch
 * </pre>
 *
 * {@code Move to}, the text after {@code @@} and {@code End of File} may be left out. The grammar
 * is that of codex-rs/apply-patch (its tool instructions and parser, read in November 2026); as
 * there, white space around the {@code ***} lines counts for nothing.
 */
final class PatchReader {

  private static final String BEGIN = "*** Begin Patch";
  private static final String END = "*** End Patch";
  private static final String ADD = "*** Add File: ";
  private static final String DELETE = "*** Delete File: ";
  private static final String UPDATE = "*** Update File: ";
  private static final String MOVE = "*** Move to: ";
  private static final String END_OF_FILE = "*** End of File";

  private final List<Line> lines;
  private final List<Edit> edits = new ArrayList<>();
  private int at;

  PatchReader(List<Line> lines) {
    this.lines = lines;
  }

  static boolean begins(List<Line> lines, int at) {
    return lines.get(at).text().strip().equals(BEGIN);
  }

  List<Edit> read() {
    while (at < lines.size()) {
      if (begins(lines, at)) {
        at++;
        readPatch();
      } else {
        at++;
      }
    }
    return edits;
  }

  private void readPatch() {
    while (!marker().equals(END)) {
      String marker = marker();
      int line = at + 1;
      if (marker.startsWith(ADD)) {
        at++;
        edits.add(new Edit.Add(path(line, marker, ADD), added()));
      } else if (marker.startsWith(DELETE)) {
        at++;
        edits.add(new Edit.Delete(path(line, marker, DELETE)));
      } else if (marker.startsWith(UPDATE)) {
        at++;
        edits.add(update(line, path(line, marker, UPDATE)));
      } else if (marker.isEmpty()) {
        at++;
      } else {
        throw broken(
            "a section of a patch begins with *** Add File: PATH, *** Delete File: PATH or *** Update File: PATH, not with this");
      }
    }
    at++;
  }

  /** The line without white space around it. */
  private String marker() {
    if (at == lines.size()) {
      throw new UnreadableReplyException(
          lines.size(), "the patch has no *** End Patch line; was the reply cut off?");
    }
    return lines.get(at).text().strip();
  }

  private static String path(int line, String marker, String begin) {
    return PathName.checked(line, marker.substring(begin.length()).strip());
  }

  private boolean section() {
    String marker = marker();
    return marker.equals(END)
        || marker.startsWith(ADD)
        || marker.startsWith(DELETE)
        || marker.startsWith(UPDATE);
  }

  private List<Line> added() {
    List<Line> content = new ArrayList<>();
    while (!section()) {
      String text = lines.get(at).text();
      if (text.startsWith("+")) {
        content.add(new Line(text.substring(1), Line.LF));
      } else if (!onlyBlanksLeft()) {
        throw broken("a line of a file to add must begin with +, and this one does not");
      }
      at++;
    }
    return content;
  }

  /** Whether nothing but blank lines stands before the next section. */
  private boolean onlyBlanksLeft() {
    int from = at;
    while (marker().isEmpty()) {
      at++;
    }
    boolean left = section();
    at = from;
    return left;
  }

  private Edit update(int line, String path) {
    Optional<String> moveTo = Optional.empty();
    if (marker().startsWith(MOVE)) {
      moveTo = Optional.of(path(at + 1, marker(), MOVE));
      at++;
    }
    List<Chunk> chunks = new ArrayList<>();
    while (!section()) {
      if (onlyBlanksLeft()) {
        at++;
      } else {
        chunks.add(chunk(chunks.isEmpty()));
      }
    }
    if (chunks.isEmpty() && moveTo.isEmpty()) {
      throw new UnreadableReplyException(
          line, "the section for %s has no lines to change".formatted(path));
    }
    return new Edit.Update(path, moveTo, chunks);
  }

  private Chunk chunk(boolean first) {
    int line = at + 1;
    List<String> anchors = new ArrayList<>();
    boolean opened = false;
    while (marker().equals("@@") || marker().startsWith("@@ ")) {
      anchor().ifPresent(anchors::add);
      opened = true;
      at++;
    }
    if (!opened && !first) {
      throw broken("a chunk must begin with @@");
    }
    List<Hunk.Entry> entries = new ArrayList<>();
    int openBlanks = 0;
    boolean atEnd = false;
    while (!atEnd && !section() && !marker().startsWith("@@")) {
      atEnd = marker().equals(END_OF_FILE);
      if (!atEnd) {
        entries.add(entry());
        openBlanks = lines.get(at).text().isEmpty() ? openBlanks + 1 : 0;
      }
      at++;
    }
    if (entries.isEmpty()) {
      throw new UnreadableReplyException(line, "the chunk has no lines to change");
    }
    return new Chunk(anchors, new Hunk(line, OptionalInt.empty(), entries), atEnd, openBlanks);
  }

  /** What an {@code @@} line says, as far as it is a line of the file. */
  private Optional<String> anchor() {
    String text = lines.get(at).text();
    String said = text.substring(text.indexOf("@@") + 2);
    String anchor = said.startsWith(" ") ? said.substring(1) : said;
    // Some models write the headers of unified diffs here.
    boolean numbers = anchor.matches("(-\\d+(,\\d+)? \\+\\d+(,\\d+)?|\\.\\.\\.)? ?@@.*");
    if (numbers) {
      anchor = anchor.substring(anchor.indexOf("@@") + 2).strip();
    }
    return Optional.of(anchor).filter(said2 -> !said2.isBlank());
  }

  private Hunk.Entry entry() {
    String text = lines.get(at).text();
    char sign = text.isEmpty() ? ' ' : text.charAt(0);
    Line line = new Line(text.isEmpty() ? "" : text.substring(1), Line.LF);
    return new Hunk.Entry(
        switch (sign) {
          case ' ' -> Hunk.Sign.KEPT;
          case '+' -> Hunk.Sign.ADDED;
          case '-' -> Hunk.Sign.REMOVED;
          default ->
              throw broken(
                  "a line of a chunk must begin with a space, + or -, and this one does not");
        },
        line);
  }

  private UnreadableReplyException broken(String why) {
    return new UnreadableReplyException(
        at + 1, "%s: \"%s\".".formatted(why, Nearest.shown(lines.get(at).text())));
  }
}
