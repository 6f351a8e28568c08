package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads SEARCH/REPLACE blocks:
 *
 * <pre>
 * src/greeting.py
 * ```python
 * &lt;&lt;&lt;&lt;&lt;&lt;&lt; SEARCH
 *     return "Hi"
 * =======
 *     return "Hello"
 * &gt;&gt;&gt;&gt;&gt;&gt;&gt; REPLACE
 * ```
 * </pre>
 *
 * The path may also stand inside the fence, or be left out for the file of the block before. What
 * the replies of models really look like was learnt from aider (aider/coders/editblock_coder.py,
 * read in November 2026), which is more forgiving: here a block whose parts are not clear is an
 * error.
 */
final class SearchReplaceReader {

  private static final Pattern HEAD = Pattern.compile("<{5,9} SEARCH>?");
  private static final Pattern LIKE_HEAD = Pattern.compile("[<-]{2,} ?SEARCH>{0,2}");
  private static final Pattern DIVIDER = Pattern.compile("={5,9}");
  private static final Pattern TAIL = Pattern.compile(">{5,9} REPLACE");
  private static final Pattern LINE_HINT = Pattern.compile(":(start|end)_line:\\s*\\d+");
  private static final Pattern SHELL =
      Pattern.compile("```(bash|sh|shell|cmd|batch|powershell|ps1|zsh|fish|ksh|csh|tcsh)\\b.*");

  private final List<Line> lines;
  private final List<Edit> blocks = new ArrayList<>();
  private Optional<String> path = Optional.empty();
  private int at;

  SearchReplaceReader(List<Line> lines) {
    this.lines = lines;
  }

  static boolean begins(List<Line> lines, int at) {
    return HEAD.matcher(lines.get(at).text().strip()).matches();
  }

  List<Edit> read() {
    while (at < lines.size()) {
      step();
    }
    return blocks.stream().distinct().toList();
  }

  List<ReplyBlock> each() {
    List<ReplyBlock> each = new ArrayList<>();
    while (at < lines.size()) {
      int from = at;
      int before = blocks.size();
      try {
        step();
        if (blocks.size() > before && blocks.getLast() instanceof Edit.Block block) {
          each.add(
              new ReplyBlock.Sound(
                  from, at, block.path(), readable(block.search()), readable(block.replace())));
        }
      } catch (UnreadableReplyException e) {
        at = behindBroken(from);
        each.add(new ReplyBlock.Broken(from, at, e.reason()));
      }
    }
    return each;
  }

  /** Where to go on behind a block that is wrong: at its end, or where the next one begins. */
  private int behindBroken(int from) {
    for (int i = from; i < lines.size(); i++) {
      String text = lines.get(i).text().strip();
      if (TAIL.matcher(text).matches()) {
        return i + 1;
      }
      if (i > from && HEAD.matcher(text).matches()) {
        return i;
      }
    }
    return lines.size();
  }

  private static String readable(List<Line> part) {
    StringBuilder text = new StringBuilder();
    part.forEach(line -> text.append(line.whole()));
    return Bytes.readable(text.toString());
  }

  /** Goes on by a line, a block, or what stands between the fences of a shell. */
  private void step() {
    String text = lines.get(at).text().strip();
    if (SHELL.matcher(text).matches() && !blockFollows()) {
      skipFence();
    } else if (HEAD.matcher(text).matches()) {
      readBlock();
    } else if (LIKE_HEAD.matcher(text).matches() || TAIL.matcher(text).matches()) {
      throw broken(at, "this line belongs to no block");
    } else {
      at++;
    }
  }

  private boolean blockFollows() {
    return (at + 1 < lines.size() && begins(lines, at + 1))
        || (at + 2 < lines.size() && begins(lines, at + 2));
  }

  private void skipFence() {
    at++;
    while (at < lines.size() && !lines.get(at).text().strip().startsWith("```")) {
      at++;
    }
    at++;
  }

  private void readBlock() {
    int head = at;
    int tail = tail(head);
    path = pathAbove(head).or(() -> path);
    String name =
        path.orElseThrow(() ->
            new UnreadableReplyException(
                head + 1,
                "the block has no path. Put the path of the file alone on the line above it."));
    int divider = divider(head, tail);
    blocks.add(
        new Edit.Block(
            PathName.checked(head + 1, name),
            withoutHints(lines.subList(head + 1, divider)),
            replacement(divider, tail)));
    at = tail + 1;
  }

  /** The line that ends the block. */
  private int tail(int head) {
    int dividers = 0;
    int last = head;
    for (int i = head + 1; i < lines.size(); i++) {
      String text = lines.get(i).text().strip();
      if (TAIL.matcher(text).matches()) {
        return i;
      }
      if (HEAD.matcher(text).matches()) {
        break;
      }
      if (divides(i)) {
        dividers++;
        last = i;
      }
    }
    // Some models end a block with a second divider.
    if (dividers == 2) {
      return last;
    }
    throw broken(
        head,
        dividers == 0
            ? "the block has no ======= line and no >>>>>>> REPLACE line"
            : "the block has no >>>>>>> REPLACE line; was the reply cut off?");
  }

  private int divider(int head, int tail) {
    List<Integer> canonical = new ArrayList<>();
    List<Integer> loose = new ArrayList<>();
    for (int i = head + 1; i < tail; i++) {
      if (lines.get(i).text().equals("=======")) {
        canonical.add(i);
      } else if (divides(i)) {
        loose.add(i);
      }
    }
    List<Integer> dividers = canonical.isEmpty() ? loose : canonical;
    if (dividers.isEmpty()) {
      throw broken(head, "the block has no ======= line, or there is more than that on it");
    }
    if (dividers.size() > 1) {
      throw broken(
          head,
          "the block has several ======= lines, so that it is not clear where SEARCH ends. Edit a file that holds such lines in another way");
    }
    return dividers.getFirst();
  }

  private boolean divides(int index) {
    return DIVIDER.matcher(lines.get(index).text()).matches();
  }

  /** Without what Roo Code lets models put first: {@code :start_line:7}, {@code -------}. */
  private static List<Line> withoutHints(List<Line> search) {
    int hints = 0;
    while (hints < search.size() && hint(search.get(hints))) {
      hints++;
    }
    boolean ruled = hints < search.size() && search.get(hints).text().strip().equals("-------");
    return hints > 0 && ruled ? search.subList(hints + 1, search.size()) : search;
  }

  private static boolean hint(Line line) {
    return LINE_HINT.matcher(line.text().strip()).matches();
  }

  private List<Line> replacement(int divider, int tail) {
    for (int i = divider + 1; i < tail; i++) {
      if (hint(lines.get(i))) {
        throw broken(i, "line numbers belong above SEARCH lines, not among REPLACE lines");
      }
    }
    return lines.subList(divider + 1, tail);
  }

  /** The path on one of the three lines above a block; only fences may be in between. */
  private Optional<String> pathAbove(int head) {
    List<String> found = new ArrayList<>();
    for (int i = head - 1; i >= Math.max(0, head - 3); i--) {
      String text = lines.get(i).text();
      PathName.onLine(text).ifPresent(found::add);
      if (text.isBlank() && found.isEmpty() && i > 0) {
        return PathName.aloneOnLine(lines.get(i - 1).text());
      }
      if (!PathName.fence(text)) {
        break;
      }
    }
    return found.stream()
        .filter(name -> name.contains("."))
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private UnreadableReplyException broken(int index, String why) {
    return new UnreadableReplyException(
        index + 1,
        "%s: \"%s\". A block is: the path on a line, <<<<<<< SEARCH, the lines that stand in the file, =======, the lines to put there, >>>>>>> REPLACE."
            .formatted(why, Nearest.shown(lines.get(index).text())));
  }
}
