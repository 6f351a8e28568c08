package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads unified diffs: what {@code git diff} prints, with renames, modes and deletions, and what
 * models make of it, with or without fences, with {@code @@ ... @@} for a header. The header lines
 * are those of git's apply.c and of the diff-format page of its manual (read in November 2026).
 */
final class UnifiedDiffReader {

  private static final Pattern INDEX =
      Pattern.compile("index [0-9a-f]{4,}\\.\\.[0-9a-f]{4,}( (\\d{6}))?");
  private static final Pattern BINARY = Pattern.compile("GIT binary patch|Binary files .* differ");

  /** What stands above the hunks of one file. */
  private static final class Header {
    private Optional<String> before = Optional.empty();
    private Optional<String> after = Optional.empty();
    private boolean created;
    private boolean deleted;
    private boolean git;
    private boolean exact;
    private Edit.Diff.Kind kind = Edit.Diff.Kind.CHANGE;
    private Optional<FileMode> mode = Optional.empty();
  }

  private final List<Line> lines;
  private final List<Integer> numbers;
  private final List<Edit> diffs = new ArrayList<>();
  private int at;

  UnifiedDiffReader(List<Line> reply) {
    DiffLines diff = DiffLines.of(reply);
    this.lines = diff.lines();
    this.numbers = diff.numbers();
  }

  List<Edit> read() {
    while (at < lines.size()) {
      String text = text(at);
      if (text.startsWith("diff --git ") || names(at)) {
        readFile();
      } else if (text.startsWith("@@")) {
        throw broken("there is no --- and +++ line above this hunk");
      } else if (BINARY.matcher(text).matches()) {
        throw broken("binary changes cannot be made this way");
      } else {
        at++;
      }
    }
    return diffs;
  }

  private boolean names(int index) {
    return DiffLines.names(lines, index);
  }

  private void readFile() {
    int line = number(at);
    Header header = new Header();
    if (text(at).startsWith("diff --git ")) {
      readGitHeader(header);
    }
    if (at < lines.size() && names(at) && meantBy(header)) {
      readNames(header);
    }
    List<Hunk> hunks = new ArrayList<>();
    while (at < lines.size() && text(at).startsWith("@@")) {
      HunkReader reader = new HunkReader(lines, numbers, at);
      Hunk hunk = reader.read();
      if (!hunk.changesNothing()) {
        hunks.add(hunk);
      }
      at = reader.end();
    }
    diffs.add(diff(line, header, hunks));
  }

  /** A rename without hunks may be followed by names that belong to what comes next. */
  private boolean meantBy(Header header) {
    return header.kind == Edit.Diff.Kind.CHANGE
        || header.before.stream().anyMatch(name(text(at).substring(4))::endsWith);
  }

  private Edit.Diff diff(int line, Header header, List<Hunk> hunks) {
    boolean nothing =
        hunks.isEmpty()
            && header.mode.isEmpty()
            && !header.created
            && !header.deleted
            && header.kind == Edit.Diff.Kind.CHANGE;
    if (nothing) {
      throw new UnreadableReplyException(
          line, "the diff changes nothing; a change begins with an @@ line and has + or - lines");
    }
    Optional<String> before = header.created ? Optional.empty() : header.before;
    Optional<String> after = header.deleted ? Optional.empty() : header.after;
    if (before.isEmpty() && after.isEmpty()) {
      throw new UnreadableReplyException(line, "the diff does not say which file it is about");
    }
    return new Edit.Diff(
        before.map(name -> PathName.checked(line, name)),
        after.map(name -> PathName.checked(line, name)),
        header.kind,
        header.mode,
        header.exact,
        hunks);
  }

  private void readGitHeader(Header header) {
    header.git = true;
    readGitNames(header, text(at).substring("diff --git ".length()));
    at++;
    while (at < lines.size() && !names(at) && readGitLine(header, text(at))) {
      at++;
    }
  }

  private boolean readGitLine(Header header, String text) {
    Matcher index = INDEX.matcher(text);
    if (text.startsWith("rename from ")) {
      header.before = Optional.of(unquoted(text.substring(12)));
    } else if (text.startsWith("rename to ")) {
      header.after = Optional.of(unquoted(text.substring(10)));
      header.kind = Edit.Diff.Kind.RENAME;
    } else if (text.startsWith("copy from ")) {
      header.before = Optional.of(unquoted(text.substring(10)));
    } else if (text.startsWith("copy to ")) {
      header.after = Optional.of(unquoted(text.substring(8)));
      header.kind = Edit.Diff.Kind.COPY;
    } else if (text.startsWith("new file mode ")) {
      header.created = true;
      header.mode = mode(text.substring(14));
    } else if (text.startsWith("deleted file mode ")) {
      header.deleted = true;
    } else if (text.startsWith("new mode ")) {
      header.mode = mode(text.substring(9));
    } else if (index.matches()) {
      header.exact = true;
    } else {
      return text.startsWith("old mode ")
          || text.startsWith("similarity index ")
          || text.startsWith("dissimilarity index ");
    }
    return true;
  }

  /** For a change of mode alone the names stand nowhere else: {@code diff --git a/x b/x}. */
  private void readGitNames(Header header, String names) {
    if (names.startsWith("\"")) {
      int second = names.indexOf("\" ", 1) + 2;
      if (second > 1 && second < names.length()) {
        header.before = withoutPrefix(unquoted(names.substring(0, second - 1)));
        header.after = withoutPrefix(unquoted(names.substring(second)));
      }
      return;
    }
    for (int space = names.indexOf(' '); space >= 0; space = names.indexOf(' ', space + 1)) {
      String before = names.substring(0, space);
      String after = names.substring(space + 1);
      Optional<String> name = before.equals(after) ? Optional.of(before) : withoutPrefix(before);
      if (before.equals(after) || (name.isPresent() && name.equals(withoutPrefix(after)))) {
        header.before = name;
        header.after = name;
      }
    }
  }

  private static Optional<String> withoutPrefix(String name) {
    return name.indexOf('/') < 0
        ? Optional.empty()
        : Optional.of(name.substring(name.indexOf('/') + 1));
  }

  private void readNames(Header header) {
    String before = name(text(at).substring(4));
    at++;
    String after = name(text(at).substring(4));
    at++;
    header.created |= before.equals("/dev/null");
    header.deleted |= after.equals("/dev/null");
    if (header.created && header.deleted) {
      throw broken("the diff does not say which file it is about");
    }
    if (header.kind != Edit.Diff.Kind.CHANGE) {
      return;
    }
    boolean prefixed =
        (header.created || before.matches(header.git ? "[aciow1]/.+" : "a/.+"))
            && (header.deleted || after.matches(header.git ? "[bwi2]/.+" : "b/.+"));
    header.before = Optional.of(prefixed ? before.substring(2) : before);
    header.after = Optional.of(prefixed ? after.substring(2) : after);
  }

  /** A name, without the date that diff puts behind it. */
  private String name(String written) {
    int tab = written.indexOf('\t');
    return unquoted((tab < 0 ? written : written.substring(0, tab)).strip());
  }

  private String unquoted(String written) {
    return PathName.unquoted(number(at), written);
  }

  private Optional<FileMode> mode(String digits) {
    return Optional.of(
        switch (digits.strip()) {
          case "100644", "100664" -> FileMode.PLAIN;
          case "100755" -> FileMode.EXECUTABLE;
          case "120000" -> FileMode.LINK;
          default -> throw broken("files of this mode cannot be made");
        });
  }

  private String text(int index) {
    return lines.get(index).text();
  }

  private int number(int index) {
    return numbers.get(index);
  }

  private UnreadableReplyException broken(String why) {
    int line = Math.min(at, lines.size() - 1);
    return new UnreadableReplyException(
        number(line), "%s: \"%s\".".formatted(why, Nearest.shown(text(line))));
  }
}
