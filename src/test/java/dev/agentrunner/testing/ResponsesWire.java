package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Responses API, of which nothing is kept: all items come along with each question. */
final class ResponsesWire extends JsonWire {

  @Override
  public boolean serves(String path) {
    return path.endsWith("/responses");
  }

  @Override
  public boolean hasKey(Map<String, String> headers) {
    return bearer(headers);
  }

  @Override
  public List<Line> said(JsonNode body) {
    List<Line> said = new ArrayList<>();
    JsonNode input = body.path("input");
    if (input.isTextual()) {
      said.add(new Line(false, input.textValue()));
    }
    for (JsonNode item : input) {
      switch (item.path("type").asText("message")) {
        case "function_call", "reasoning" -> said.add(new Line(true, ""));
        case "function_call_output" -> said.add(new Line(false, words(item.path("output"))));
        default -> {
          String role = item.path("role").asText();
          if (role.equals("user") || role.equals("assistant")) {
            said.add(new Line(role.equals("assistant"), words(item.path("content"))));
          }
        }
      }
    }
    return said;
  }

  @Override
  public Optional<String> fault(Map<String, String> headers, JsonNode body) {
    if (!body.path("model").isTextual() || !body.path("stream").asBoolean()) {
      return Optional.of("model, stream: missing");
    }
    Set<String> called = new HashSet<>();
    Set<String> answered = new HashSet<>();
    Set<String> seals = new HashSet<>();
    for (JsonNode item : body.path("input")) {
      switch (item.path("type").asText("message")) {
        case "reasoning" -> seals.add(item.path("encrypted_content").asText());
        case "function_call" -> {
          String id = item.path("call_id").asText();
          called.add(id);
          if (!item.path("arguments").isTextual()) {
            return Optional.of("function_call.arguments: must be a string");
          }
          if (sealOf(id).filter(seal -> !seals.contains(seal)).isPresent()) {
            return Optional.of(
                "Item '%s' of type 'function_call' was provided without its required 'reasoning' item"
                    .formatted(id));
          }
        }
        case "function_call_output" -> answered.add(item.path("call_id").asText());
        default -> {
          // Words need no answer.
        }
      }
    }
    return unanswered(called, answered);
  }

  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public List<String> stream(Reaction.Says reply, Asked asked, long number) {
    List<String> events = new ArrayList<>();
    events.add(event("response.created", response(asked, number, "in_progress", array())));
    events.add(event("response.in_progress", response(asked, number, "in_progress", array())));
    ArrayNode items = array();
    for (Reaction.Block block : reply.blocks()) {
      int index = items.size();
      switch (block) {
        case Reaction.Block.Words(String text) -> {
          ObjectNode item = item("message", "msg", number, index).put("role", "assistant");
          item.putArray("content");
          events.add(itemEvent("added", index, item.deepCopy()));
          pieces(text).forEach(p -> events.add(delta("response.output_text.delta", index, p)));
          item.putArray("content").addObject().put("type", "output_text").put("text", text);
          items.add(item);
        }
        case Reaction.Block.Thought(String text) -> {
          ObjectNode item = item("reasoning", "rs", number, index);
          item.putArray("summary");
          events.add(itemEvent("added", index, item.deepCopy()));
          pieces(text)
              .forEach(p -> events.add(delta("response.reasoning_summary_text.delta", index, p)));
          item.putArray("summary").addObject().put("type", "summary_text").put("text", text);
          items.add(item.put("encrypted_content", seal(number)));
        }
        case Reaction.Block.Tool tool -> {
          String json = written(input(tool));
          ObjectNode item = item("function_call", "fc", number, index).put("name", tool.name());
          item.put("call_id", callId(reply, number, index)).put("arguments", "");
          events.add(itemEvent("added", index, item.deepCopy()));
          pieces(json)
              .forEach(p -> events.add(delta("response.function_call_arguments.delta", index, p)));
          items.add(item.put("arguments", json));
        }
      }
      events.add(itemEvent("done", index, (ObjectNode) items.get(index)));
    }
    events.add(end(reply, asked, number, items));
    return events;
  }

  private static ObjectNode item(String type, String letters, long number, int index) {
    return object().put("type", type).put("id", "%s_%d_%d".formatted(letters, number, index));
  }

  private static String end(Reaction.Says reply, Asked asked, long number, ArrayNode items) {
    String incomplete =
        switch (reply.end()) {
          case END, TOOLS, PAUSED -> "";
          case OUTPUT_LIMIT -> "max_output_tokens";
          case REFUSED -> "content_filter";
          case CONTEXT_FULL, OTHER -> "sundown";
        };
    String status = incomplete.isEmpty() ? "completed" : "incomplete";
    ObjectNode response = response(asked, number, status, items);
    ObjectNode whole = (ObjectNode) response.path("response");
    if (!incomplete.isEmpty()) {
      whole.putObject("incomplete_details").put("reason", incomplete);
    }
    Reaction.Count count = count(reply, asked);
    ObjectNode usage = whole.putObject("usage");
    usage.put("input_tokens", count.prompt()).put("output_tokens", count.output());
    usage.putObject("input_tokens_details").put("cached_tokens", count.cached());
    usage.putObject("output_tokens_details").put("reasoning_tokens", count.thinking());
    return event("response." + status, response);
  }

  private static ObjectNode response(Asked asked, long number, String status, ArrayNode items) {
    ObjectNode event = object();
    ObjectNode response = event.putObject("response").put("id", "resp_" + number);
    response.put("object", "response").put("status", status).put("model", model(asked));
    response.putNull("error").putNull("incomplete_details").putNull("usage");
    response.set("output", items);
    return event;
  }

  private static String itemEvent(String moment, int index, ObjectNode item) {
    ObjectNode event = object().put("output_index", index);
    event.set("item", item);
    return event("response.output_item." + moment, event);
  }

  private static String delta(String type, int index, String delta) {
    return event(type, object().put("output_index", index).put("delta", delta));
  }

  private static String event(String type, ObjectNode data) {
    ObjectNode event = object().put("type", type);
    event.setAll(data);
    return "event: %s\ndata: %s\n\n".formatted(type, written(event));
  }

  @Override
  public String midway(Trouble trouble, String message) {
    return event("error", OpenAiErrors.error(trouble, message));
  }

  @Override
  public Refusal refusal(Reaction.Refuses refuses, long number) {
    return OpenAiErrors.refusal(refuses, number);
  }
}
