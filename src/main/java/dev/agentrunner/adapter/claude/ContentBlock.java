package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.WrittenArguments;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One block of a reply as it grows, kept in the provider's own form: also blocks and fields that
 * this version does not know.
 */
final class ContentBlock {

  private final ObjectNode raw;
  private final Map<String, StringBuilder> growing = new LinkedHashMap<>();
  private final StringBuilder input = new StringBuilder();

  ContentBlock(ObjectNode raw) {
    this.raw = raw;
  }

  String type() {
    return raw.path("type").asText("");
  }

  String name() {
    return raw.path("name").asText("");
  }

  /** Takes in one {@code delta}: text is added to the field of the same name. */
  void grow(JsonNode delta) {
    switch (delta.path("type").asText("")) {
      case "input_json_delta" -> input.append(delta.path("partial_json").asText(""));
      case "citations_delta" -> {
        if (!raw.path("citations").isArray()) {
          raw.putArray("citations");
        }
        raw.withArray("citations").add(delta.path("citation"));
      }
      default ->
          delta
              .properties()
              .forEach(field -> {
                if (!field.getKey().equals("type")) {
                  grow(field.getKey(), field.getValue());
                }
              });
    }
  }

  private void grow(String field, JsonNode more) {
    if (more.isTextual()) {
      growing
          .computeIfAbsent(field, f -> new StringBuilder(raw.path(f).asText("")))
          .append(more.textValue());
    } else {
      raw.set(field, more);
    }
  }

  /**
   * The block as it is to be sent back.
   *
   * @param id for a call that came without one
   */
  ObjectNode whole(String id) {
    growing.forEach((field, text) -> raw.put(field, text.toString()));
    if (!input.isEmpty()) {
      raw.set("input", input() instanceof ObjectNode object ? object : empty());
    }
    if (isCall()) {
      raw.put("id", id);
      if (!raw.path("input").isObject()) {
        raw.set("input", empty());
      }
    }
    return raw;
  }

  boolean isCall() {
    return type().equals("tool_use");
  }

  String id() {
    return raw.path("id").asText("");
  }

  /** Whether the API would refuse it if it were sent back. */
  boolean isEmptyText() {
    return type().equals("text") && field("text").isEmpty();
  }

  /**
   * What is to be shown of the block, if anything.
   *
   * @param id for a call that came without one
   * @param cut whether the output limit ended the reply within this block
   */
  Optional<Part> part(String id, boolean cut) {
    return switch (type()) {
      case "text" -> Optional.of(field("text")).filter(t -> !t.isEmpty()).map(Part.Text::new);
      case "thinking" ->
          Optional.of(field("thinking")).filter(t -> !t.isEmpty()).map(Part.Thinking::new);
      case "tool_use" -> Optional.of(new Part.Call(new ToolCall(id, name(), arguments(cut))));
      default -> Optional.empty();
    };
  }

  private String field(String name) {
    StringBuilder grown = growing.get(name);
    return grown == null ? raw.path(name).asText("") : grown.toString();
  }

  private ToolCall.Arguments arguments(boolean cut) {
    String written = input.toString();
    if (written.isBlank()) {
      // A call without arguments has no fragments but empty ones; servers that do not stream
      // arguments put them into the start of the block.
      JsonNode given = raw.path("input");
      return given instanceof ObjectNode object && !object.isEmpty()
          ? new ToolCall.Valid(JsonTree.values(object))
          : new WrittenArguments(written, cut).read();
    }
    return new WrittenArguments(written, cut).read();
  }

  private JsonNode input() {
    try {
      return JsonTree.read(input.toString());
    } catch (JsonProcessingException _) {
      return empty();
    }
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
