package dev.agentrunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fenced blocks of a page in Markdown, with what a comment above each says of it.
 *
 * <pre>
 * &lt;!-- in: quickstart --&gt;               begins anew in a copy of that example
 * &lt;!-- exits with: 4 --&gt;               its last command does
 * &lt;!-- not run: needs a key --&gt;         and why
 * </pre>
 */
final class DocumentBlocks {

  private static final Pattern NOTE = Pattern.compile("<!-- (in|exits with|not run): (.+) -->");

  private DocumentBlocks() {}

  /**
   * A block.
   *
   * @param line of its fence, from 1
   * @param language empty if it names none
   */
  record Block(
      Path page,
      int line,
      String language,
      List<String> lines,
      Optional<String> example,
      int exit,
      Optional<String> whyNotRun) {

    boolean isForShells() {
      return List.of("sh", "bash", "console").contains(language);
    }

    String place() {
      return page + ":" + line;
    }
  }

  static List<Block> of(Path page) throws IOException {
    List<String> lines = Files.readAllLines(page);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (!fence.startsWith("```")) {
        continue;
      }
      int end = i + 1;
      while (!lines.get(end).strip().startsWith("```")) {
        end++;
      }
      Optional<String> example = Optional.empty();
      Optional<String> why = Optional.empty();
      int exit = 0;
      for (int above = i - 1; above >= 0; above--) {
        Matcher note = NOTE.matcher(lines.get(above));
        if (!note.matches()) {
          break;
        }
        switch (note.group(1)) {
          case "in" -> example = Optional.of(note.group(2));
          case "exits with" -> exit = Integer.parseInt(note.group(2));
          default -> why = Optional.of(note.group(2));
        }
      }
      blocks.add(
          new Block(
              page, i + 1, fence.substring(3), lines.subList(i + 1, end), example, exit, why));
      i = end;
    }
    return blocks;
  }
}
