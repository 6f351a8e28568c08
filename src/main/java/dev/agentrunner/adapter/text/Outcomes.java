package dev.agentrunner.adapter.text;

import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What came of requests, told in the words that they were made in. */
final class Outcomes {

  private static final String NOTHING_ASKED =
      """
      Your reply asked for nothing, so nothing was done. Write READ, LIST or FIND to look at something, a block to change \
      a file, or DONE if the task is done.\
      """;

  private final StringBuilder told = new StringBuilder();
  private int blocks;
  private boolean refused;

  private Outcomes() {}

  /**
   * @param asked the calls of the reply before
   */
  static String told(List<ToolCall> asked, List<ToolResult> results) {
    if (asked.stream().anyMatch(Spoken::nothing)) {
      return NOTHING_ASKED;
    }
    Map<String, ToolResult> byCall = new HashMap<>();
    results.forEach(result -> byCall.put(result.callId(), result));
    Outcomes outcomes = new Outcomes();
    for (ToolCall call : asked) {
      ToolResult result = byCall.remove(call.id());
      if (result != null) {
        outcomes.add(call, result);
      }
    }
    return outcomes.end();
  }

  private void add(ToolCall call, ToolResult result) {
    boolean block = call.name().equals("edit_file") || call.name().equals("write_file");
    blocks += block ? 1 : 0;
    told.append("=== ").append(block ? "Block " + blocks + of(call) : written(call));
    told.append(result.failed() ? " — NOT DONE\n" : "\n");
    told.append(
        switch (call.arguments()) {
          case ToolCall.Broken(_, String why) -> capital(why);
          case ToolCall.Valid _ when block && result.failed() -> inOurWords(result.text());
          case ToolCall.Valid _ -> result.text();
        });
    told.append(told.charAt(told.length() - 1) == '\n' ? "\n" : "\n\n");
    refused |= block && result.failed();
  }

  private static String capital(String why) {
    return why.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + why.substring(1);
  }

  private static String of(ToolCall call) {
    String path = text(call, "path");
    return path.isEmpty() ? "" : " (" + path + ")";
  }

  /** The tools say what is wrong in the names of their parameters, which this model never saw. */
  private static String inOurWords(String reason) {
    return reason
        .replace(", or set replace_all", "")
        .replace("old_text", "SEARCH")
        .replace("new_text", "REPLACE")
        .replace("with write_file", "with a block whose SEARCH is empty")
        .replace("use write_file", "leave SEARCH empty");
  }

  private String end() {
    if (refused) {
      told.append("Blocks that are not done changed nothing. Write them anew, with SEARCH copied ");
      told.append("from the file as it is now.\n");
    }
    return told.append("Go on. When the task is done, write DONE and what you did.").toString();
  }

  /** A call as this model would have written it. */
  static String written(ToolCall call) {
    return switch (call.name()) {
      case "read_file" -> "READ " + text(call, "path") + range(call);
      case "list_files" -> ("LIST " + text(call, "path") + text(call, "glob")).strip();
      case "search_text" -> "FIND " + text(call, "pattern").replace("\\Q", "").replace("\\E", "");
      case "finish" -> ("DONE " + text(call, "summary")).strip();
      default -> "CALL %s %s".formatted(call.name(), json(call));
    };
  }

  private static String range(ToolCall call) {
    String from = text(call, "from_line");
    String lines = text(call, "lines");
    return from.matches("\\d{1,9}") && lines.matches("\\d{1,9}")
        ? " %s-%d".formatted(from, Long.parseLong(from) + Long.parseLong(lines) - 1)
        : from.isEmpty() ? "" : " " + from;
  }

  private static String json(ToolCall call) {
    return switch (call.arguments()) {
      case ToolCall.Valid(var values) -> JsonTree.write(JsonTree.object(values));
      case ToolCall.Broken(String raw, _) -> raw;
    };
  }

  private static String text(ToolCall call, String argument) {
    return call.arguments() instanceof ToolCall.Valid(var values)
        ? String.valueOf(values.getOrDefault(argument, ""))
        : "";
  }
}
