package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * OpenRouter's {@code reasoning_details}, put together from fragments so that they can go back as a
 * whole (openrouter.ai, "Reasoning tokens", read 2026-11).
 */
final class ReasoningDetails {

  private static final Set<String> GROWING = Set.of("text", "summary", "data");

  private final ArrayNode details = JsonNodeFactory.instance.arrayNode();

  void take(JsonNode fragments) {
    for (JsonNode fragment : fragments) {
      if (fragment instanceof ObjectNode detail) {
        JsonNode last = details.path(details.size() - 1);
        if (last instanceof ObjectNode open && isSame(open, detail)) {
          grow(open, detail);
        } else {
          details.add(detail.deepCopy());
        }
      }
    }
  }

  private static boolean isSame(ObjectNode open, ObjectNode detail) {
    return open.path("type").equals(detail.path("type"))
        && open.path("index").equals(detail.path("index"));
  }

  private static void grow(ObjectNode open, ObjectNode detail) {
    detail
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          JsonNode more = field.getValue();
          if (GROWING.contains(name) && open.path(name).isTextual() && more.isTextual()) {
            open.put(name, open.path(name).textValue() + more.textValue());
          } else if (!more.isNull()) {
            open.set(name, more);
          }
        });
  }

  /** To be sent back; empty if there were none. */
  ArrayNode whole() {
    return details;
  }

  /** The words in some fragments. */
  static String words(JsonNode fragments) {
    StringBuilder words = new StringBuilder();
    for (JsonNode fragment : fragments) {
      words.append(fragment.path("text").asText("")).append(fragment.path("summary").asText(""));
    }
    return words.toString();
  }
}
