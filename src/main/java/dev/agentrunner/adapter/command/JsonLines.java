package dev.agentrunner.adapter.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.JsonTree;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lenient reading of lines that are JSON objects, which grow new members with each release. */
final class JsonLines {

  /** Members that say what a tool was used on, the most telling first. */
  private static final List<String> SUBJECTS =
      List.of(
          "file_path",
          "filePath",
          "path",
          "notebook_path",
          "command",
          "pattern",
          "query",
          "url",
          "absolute_path",
          "dir_path",
          "description",
          "prompt");

  private static final int SUBJECT_MAX = 160;

  private JsonLines() {}

  /** Empty if {@code line} is no JSON object. */
  static Optional<JsonNode> object(String line) {
    if (!line.stripLeading().startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonTree.read(line)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static Optional<String> text(JsonNode node, String member) {
    return Optional.of(node.path(member).asText("")).filter(text -> !text.isEmpty());
  }

  static long count(JsonNode node, String member) {
    return Math.max(0, node.path(member).asLong(0));
  }

  /** On one line and not long: what a tool was used on. */
  static String subject(JsonNode input) {
    for (String name : SUBJECTS) {
      JsonNode value = input.path(name);
      if (value.isTextual() && !value.textValue().isBlank()) {
        return shown(value.textValue());
      }
      if (value.isArray() && !value.isEmpty()) {
        return shown(joined(value));
      }
    }
    for (Iterator<Map.Entry<String, JsonNode>> all = input.properties().iterator();
        all.hasNext(); ) {
      JsonNode value = all.next().getValue();
      if (value.isTextual()) {
        return shown(value.textValue());
      }
    }
    return "";
  }

  private static String joined(JsonNode words) {
    StringBuilder line = new StringBuilder();
    words.forEach(word -> line.append(line.isEmpty() ? "" : " ").append(word.asText("")));
    return line.toString();
  }

  static String shown(String text) {
    return Excerpt.of(text, SUBJECT_MAX);
  }
}
