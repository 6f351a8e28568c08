package dev.agentrunner.adapter.text;

import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.Appeal;
import dev.agentrunner.core.chat.ToolSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the system prompt tells a model that has no tools: how to ask for them in words. */
final class Manual {

  private static final Set<String> IN_WORDS =
      Set.of("read_file", "list_files", "search_text", "write_file", "edit_file", "finish");

  private static final String LOOK =
      """

      To look at something, write one of these alone on a line. You may write several.
      READ path          shows a file; READ path 40-80 shows only those lines
      LIST folder        lists files; LIST alone lists all, LIST *.py only some
      FIND text          shows the lines that hold this text, in all files
      """;

  private static final String CHANGE =
      """

      To change a file, write its path alone on a line, and a block below it:

      src/greeting.py
      <<<<<<< SEARCH
          return "Hi"
      =======
          return "Hello"
      >>>>>>> REPLACE

      SEARCH holds whole lines, copied from the file exactly, and enough of them to be there only once. REPLACE holds what \
      shall stand there instead. You may write several blocks, each with its path. To write a new file, or the whole of \
      one, leave nothing between SEARCH and =======.
      """;

  private static final String FINISH =
      """

      When the task is done, write this alone on a line, and nothing else in the same reply but blocks:
      DONE what you did, in a sentence
      """;

  private Manual() {}

  /** {@code system} with the manual of {@code tools} behind it. */
  static String behind(String system, List<ToolSpec> tools) {
    Set<String> names = tools.stream().map(ToolSpec::name).collect(Collectors.toSet());
    StringBuilder manual = new StringBuilder(system);
    if (!system.isEmpty()) {
      manual.append(system.endsWith("\n") ? "\n" : "\n\n");
    }
    manual.append("# How you work\n\nYou write plain text. ");
    manual.append(
        "There are no tool calls: whatever is said of tools, you ask for it as told here, ");
    manual.append("and the next message tells you what came of it.\n");
    if (names.contains("read_file")) {
      manual.append(LOOK);
    }
    if (names.contains("edit_file")) {
      manual.append(CHANGE);
    }
    tools.stream()
        .filter(tool -> !IN_WORDS.contains(tool.name()))
        .forEach(tool -> add(manual, tool));
    if (names.contains("finish")) {
      manual.append(FINISH).append('\n').append(Appeal.MANUAL).append('\n');
    }
    return manual.toString();
  }

  private static void add(StringBuilder manual, ToolSpec tool) {
    manual.append(
        "\n%s To ask for it, write on a line: CALL %s {…}\n"
            .formatted(tool.description(), tool.name()));
    manual.append("The braces hold JSON of this schema: ");
    manual.append(JsonTree.write(JsonTree.object(tool.parameters()))).append('\n');
  }
}
