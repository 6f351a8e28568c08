package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Turns;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a question as the Messages API wants it. The same conversation gives the same bytes but
 * for what was added and for the cache markers, so that the provider's cache of the prompt holds.
 *
 * <pre>
 * {"model": …, "max_tokens": …, "stream": true, "thinking"?: …, "output_config"?: …,
 *  "system": [{"type": "text", "text": …, "cache_control": …}],
 *  "tools": [{"name": …, "description": …, "input_schema": …}],
 *  "messages": [{"role": "user", "content": [{"type": "text", "text": …}]},
 *               {"role": "assistant", "content": [{"type": "tool_use", "id": …, "name": …, "input": …}]},
 *               {"role": "user", "content": [{"type": "tool_result", "tool_use_id": …, "content": …}]}]}
 * </pre>
 */
final class MessagesWriter {

  /** The wire of an {@link Echo}; its JSON is the array of content blocks. */
  static final String WIRE = "anthropic-messages";

  /** The provider looks back over 20 blocks for what it remembers; this leaves some room. */
  private static final int BLOCKS_BETWEEN_MARKERS = 15;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ClaudeSettings settings;

  MessagesWriter(ClaudeSettings settings) {
    this.settings = settings;
  }

  ObjectNode body(ChatRequest request) {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("max_tokens", request.outputTokensMax());
    body.put("stream", true);
    settings.temperature().ifPresent(temperature -> body.put("temperature", temperature));
    thinking(body);
    settings.effort().ifPresent(effort -> body.putObject("output_config").put("effort", effort));
    if (!request.system().isEmpty()) {
      body.putArray("system").add(text(request.system()));
    }
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    body.set("messages", messages(request));
    if (settings.caching() != ClaudeSettings.Caching.OFF) {
      mark(body);
    }
    return body;
  }

  private void thinking(ObjectNode body) {
    switch (settings.thinking()) {
      case ClaudeSettings.Thinking.Unset _ -> {}
      case ClaudeSettings.Thinking.Off _ -> body.putObject("thinking").put("type", "disabled");
      case ClaudeSettings.Thinking.Adaptive _ ->
          body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
      case ClaudeSettings.Thinking.Budget(int tokens) ->
          body.putObject("thinking").put("type", "enabled").put("budget_tokens", tokens);
    }
  }

  private static ObjectNode tool(ToolSpec tool) {
    ObjectNode node = NODES.objectNode();
    node.put("name", tool.name());
    node.put("description", tool.description());
    node.set("input_schema", JsonTree.object(tool.parameters()));
    return node;
  }

  /** One message for each run of turns on the same side, as the API wants them to alternate. */
  private static ArrayNode messages(ChatRequest request) {
    ArrayNode messages = NODES.arrayNode();
    for (Message message : Turns.answered(request.messages())) {
      switch (message) {
        case Message.User(String text) -> content(messages, "user").add(text(text));
        case Message.Results(List<ToolResult> results) -> {
          ArrayNode content = content(messages, "user");
          results.forEach(
              result -> content.add(result(result.callId(), result.text(), result.failed())));
        }
        case Message.Assistant(Reply reply) -> {
          ArrayNode said = said(reply, request.model());
          // Nothing said cannot be sent back; the turns around it then join.
          if (!said.isEmpty()) {
            content(messages, "assistant").addAll(said);
          }
        }
      }
    }
    return messages;
  }

  private static ArrayNode content(ArrayNode messages, String role) {
    if (!messages.isEmpty()) {
      JsonNode last = messages.get(messages.size() - 1);
      if (last.path("role").textValue().equals(role)) {
        return (ArrayNode) last.path("content");
      }
    }
    return messages.addObject().put("role", role).putArray("content");
  }

  private static ArrayNode said(Reply reply, String model) {
    return Turns.echo(reply, WIRE, model, ArrayNode.class).orElseGet(() -> rebuilt(reply));
  }

  private static ArrayNode rebuilt(Reply reply) {
    ArrayNode content = NODES.arrayNode();
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text(String text) when text.isBlank() -> {}
        case Part.Text(String text) -> content.add(text(text));
        case Part.Thinking _, Part.Deed _ -> {}
        case Part.Call(ToolCall call) -> content.add(call(call));
      }
    }
    return content;
  }

  private static ObjectNode call(ToolCall call) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "tool_use");
    node.put("id", call.id());
    node.put("name", call.name());
    node.set(
        "input",
        switch (call.arguments()) {
          case ToolCall.Valid(var values) -> JsonTree.object(values);
          // Only an object may stand here; the result of the call says what was wrong with it.
          case ToolCall.Broken _ -> NODES.objectNode();
        });
    return node;
  }

  private static ObjectNode result(String callId, String text, boolean failed) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "tool_result");
    node.put("tool_use_id", callId);
    if (failed) {
      node.put("is_error", true);
    }
    node.put("content", text);
    return node;
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("type", "text").put("text", text);
  }

  /**
   * Sets the cache markers, of which there may be four: behind the tools and the system text; where
   * the last question ended, which is what the provider remembers; where this one ends, for the
   * next to find; and, if those two lie far apart, one between them. Only blocks of the user's side
   * are marked, as the assistant's are sent back untouched.
   */
  private void mark(ObjectNode body) {
    JsonNode fixed = body.has("system") ? body.path("system") : body.path("tools");
    if (!fixed.isEmpty()) {
      mark(fixed.get(fixed.size() - 1));
    }
    // Blocks of the user's side by their place among all blocks, and which of them end a message.
    List<Place> ours = new ArrayList<>();
    int index = 0;
    for (JsonNode message : body.path("messages")) {
      JsonNode content = message.path("content");
      boolean user = message.path("role").textValue().equals("user");
      for (int i = 0; i < content.size(); i++) {
        if (user) {
          ours.add(new Place(content.get(i), index, i == content.size() - 1));
        }
        index++;
      }
    }
    List<Place> ends = ours.stream().filter(Place::endsMessage).toList();
    if (ends.isEmpty()) {
      return;
    }
    Place last = ends.getLast();
    mark(last.block());
    int from = 0;
    if (ends.size() > 1) {
      Place before = ends.get(ends.size() - 2);
      mark(before.block());
      from = before.index();
    }
    int wanted = last.index() - BLOCKS_BETWEEN_MARKERS;
    if (wanted > from) {
      ours.stream()
          .filter(place -> place.index() >= wanted)
          .findFirst()
          .ifPresent(place -> mark(place.block()));
    }
  }

  private record Place(JsonNode block, int index, boolean endsMessage) {}

  private void mark(JsonNode block) {
    ObjectNode marker = ((ObjectNode) block).putObject("cache_control");
    marker.put("type", "ephemeral");
    if (settings.caching() == ClaudeSettings.Caching.ONE_HOUR) {
      marker.put("ttl", "1h");
    }
  }
}
