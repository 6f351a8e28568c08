package dev.agentrunner.engine;

import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.policy.Verdict;
import dev.agentrunner.core.run.RunEvent.ApprovalRequested;
import dev.agentrunner.core.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tool call down to its last argument, and the folder it acts in: what a person agrees to. */
record ExactCall(ToolCall call, String folder) {

  /** SHA-256 in hex; another tool, argument or folder gives another one. */
  String digest() {
    StringBuilder canonical = new StringBuilder();
    add(canonical, call.name());
    add(canonical, folder);
    add(
        canonical,
        switch (call.arguments()) {
          case ToolCall.Valid(Map<String, Object> values) -> values;
          case ToolCall.Broken(String raw, String why) -> raw;
        });
    return Digest.of(canonical.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Every value with its kind and length before it, so that no two calls are spelled alike. */
  private static void add(StringBuilder canonical, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, member) -> sorted.put(String.valueOf(key), member));
        canonical.append('{').append(sorted.size()).append(':');
        sorted.forEach((key, member) -> {
          add(canonical, key);
          add(canonical, member);
        });
      }
      case List<?> list -> {
        canonical.append('[').append(list.size()).append(':');
        list.forEach(item -> add(canonical, item == null ? "" : item));
      }
      case String text -> canonical.append('"').append(text.length()).append(':').append(text);
      default -> {
        String text = value.toString();
        canonical.append('#').append(text.length()).append(':').append(text);
      }
    }
  }

  /** For people: the tool, the folder and every argument, with nothing in it that could hide. */
  String shown() {
    StringBuilder shown = new StringBuilder();
    shown.append(visible(call.name())).append(" in ").append(visible(folder));
    if (call.arguments() instanceof ToolCall.Valid(Map<String, Object> values)) {
      values.forEach((name, value) -> {
        shown.append("\n  ").append(visible(name)).append(": ");
        shown.append(visible(String.valueOf(value)).replace("\n", "\n    | "));
      });
    }
    return shown.toString();
  }

  ApprovalRequested request(TaskId task, int attempt, Verdict.Ask verdict) {
    return new ApprovalRequested(
        task, attempt, call.id(), digest(), shown(), visible(verdict.why()), verdict.rules());
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          boolean hides =
              (Character.isISOControl(c) && c != '\n')
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR;
          if (hides) {
            visible.append("\\u{%x}".formatted(c));
          } else {
            visible.appendCodePoint(c);
          }
        });
    return visible.toString();
  }
}
