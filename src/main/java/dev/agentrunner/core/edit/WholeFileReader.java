package dev.agentrunner.core.edit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads whole files, as aider has them (aider/coders/wholefile_prompts.py, read in November 2026):
 *
 * <pre>
 * src/hello.py
 * ```python
 * print("Hello")
 * ```
 * </pre>
 *
 * The path may also stand behind the opening fence. A fence of more than three backticks ends with
 * one of as many, so that it may hold fences itself. Fences without a path are part of the talk.
 */
final class WholeFileReader {

  private final List<Line> lines;
  private final List<Edit> files = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();
  private int at;

  WholeFileReader(List<Line> lines) {
    this.lines = lines;
  }

  static boolean in(List<Line> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (ticks(lines.get(i).text()) > 0 && path(lines, i).isPresent()) {
        return true;
      }
    }
    return false;
  }

  List<Edit> read() {
    while (at < lines.size()) {
      if (ticks(lines.get(at).text()) == 0) {
        at++;
      } else {
        readFence();
      }
    }
    return files;
  }

  private void readFence() {
    int open = at;
    int ticks = ticks(lines.get(open).text());
    Optional<String> written = path(lines, open);
    at++;
    while (at < lines.size() && !closes(lines.get(at).text(), ticks)) {
      if (written.isPresent() && ticks(lines.get(at).text()) == ticks) {
        throw new UnreadableReplyException(
            at + 1,
            "a fence within a fence, so that it is not clear where the file ends. Put more backticks around a file that holds fences.");
      }
      at++;
    }
    if (written.isPresent() && at == lines.size()) {
      throw new UnreadableReplyException(
          open + 1, "this fence is never closed; was the reply cut off?");
    }
    if (written.isPresent()) {
      String path = PathName.checked(open + 1, written.get());
      if (!paths.add(path)) {
        throw new UnreadableReplyException(open + 1, "%s is given twice".formatted(path));
      }
      files.add(new Edit.Whole(path, lines.subList(open + 1, at)));
    }
    at++;
  }

  private static boolean closes(String text, int ticks) {
    return ticks(text) >= ticks && text.strip().chars().allMatch(c -> c == '`');
  }

  private static int ticks(String text) {
    int ticks = 0;
    while (ticks < text.length() && text.charAt(ticks) == '`') {
      ticks++;
    }
    return ticks >= 3 && text.indexOf('`', ticks) < 0 ? ticks : 0;
  }

  /** The path above an opening fence, where one blank line may be between, or behind it. */
  private static Optional<String> path(List<Line> lines, int fence) {
    int above = fence - 1;
    if (above > 0 && lines.get(above).blank()) {
      above--;
    }
    return above < 0 || PathName.fence(lines.get(above).text())
        ? PathName.afterFence(lines.get(fence).text())
        : PathName.aloneOnLine(lines.get(above).text())
            .or(() -> PathName.afterFence(lines.get(fence).text()));
  }
}
