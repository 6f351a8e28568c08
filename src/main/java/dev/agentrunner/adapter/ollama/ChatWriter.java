package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a question as {@code /api/chat} wants it. The size of the context is always told and the
 * same for each question, as another one would have the model loaded anew; and what does not fit is
 * to be an error, as the oldest turns would be dropped in silence otherwise.
 *
 * <pre>
 * {"model": …, "stream": true, "truncate": false, "shift": false, "think"?: …, "keep_alive"?: …,
 *  "options": {"num_ctx": …, "num_predict": …, "temperature"?: …},
 *  "tools": [{"type": "function", "function": {"name": …, "description": …, "parameters": …}}],
 *  "messages": [{"role": "system", "content": …}, {"role": "user", "content": …},
 *               {"role": "assistant", "content": …, "thinking"?: …,
 *                "tool_calls": [{"id"?: …, "function": {"name": …, "arguments": {…}}}]},
 *               {"role": "tool", "tool_name": …, "tool_call_id"?: …, "content": …}]}
 * </pre>
 */
final class ChatWriter {

  /** The wire of an {@link Echo}; its JSON is the message of the assistant. */
  static final String WIRE = "ollama";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final OllamaSettings settings;

  ChatWriter(OllamaSettings settings) {
    this.settings = settings;
  }

  /** How much room a conversation with such a model is given. */
  int contextTokens(ModelCard card) {
    return Math.min(settings.contextTokensMax(), card.contextTokensMax().orElse(Integer.MAX_VALUE));
  }

  ObjectNode body(ChatRequest request, ModelCard card) {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("stream", true);
    body.put("truncate", false);
    body.put("shift", false);
    settings
        .think()
        // A model that cannot think need not be told not to, and refuses to be.
        .filter(think -> !(card.lacks("thinking") && think.isBoolean() && !think.booleanValue()))
        .ifPresent(think -> body.set("think", think));
    settings.keepAlive().ifPresent(keepAlive -> body.set("keep_alive", keepAlive));
    ObjectNode options = body.putObject("options");
    options.put("num_ctx", contextTokens(card));
    options.put("num_predict", Math.min(request.outputTokensMax(), contextTokens(card)));
    settings.temperature().ifPresent(temperature -> options.put("temperature", temperature));
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    ArrayNode messages = body.putArray("messages");
    if (!request.system().isBlank()) {
      messages.add(message("system", request.system()));
    }
    messages.addAll(new Conversation(request.model()).of(request.messages()));
    return body;
  }

  private static ObjectNode tool(ToolSpec tool) {
    ObjectNode node = NODES.objectNode().put("type", "function");
    node.putObject("function")
        .put("name", tool.name())
        .put("description", tool.description())
        .set("parameters", JsonTree.object(tool.parameters()));
    return node;
  }

  private static ObjectNode message(String role, String content) {
    return NODES.objectNode().put("role", role).put("content", content);
  }

  /** A conversation as it is written down: each call is followed by its result, in order. */
  private static final class Conversation {
    private final String model;
    private final ArrayNode messages = NODES.arrayNode();
    private final List<ObjectNode> words = new ArrayList<>();
    private final Map<String, ToolResult> given = new HashMap<>();
    private List<Asked> asked = List.of();

    /**
     * A call that awaits its result.
     *
     * @param sentId as it stands in the turn that is sent; empty if there is none
     */
    private record Asked(ToolCall call, String sentId) {}

    Conversation(String model) {
      this.model = model;
    }

    ArrayNode of(List<Message> all) {
      for (Message message : all) {
        switch (message) {
          case Message.User(String text) -> words.add(message("user", text));
          case Message.Results(List<ToolResult> results) ->
              results.forEach(result -> given.put(result.callId(), result));
          case Message.Assistant(Reply reply) -> add(reply);
        }
      }
      endOurs();
      return messages;
    }

    private void add(Reply reply) {
      ObjectNode said =
          reply
              .echo()
              .filter(echo -> echo.wire().equals(WIRE) && echo.model().equals(model))
              .map(Conversation::echoed)
              .orElseGet(() -> rebuilt(reply));
      // Nothing said need not be sent back.
      if (said.path("content").asText().isEmpty() && said.size() == 2) {
        return;
      }
      endOurs();
      messages.add(said);
      JsonNode sent = said.path("tool_calls");
      List<ToolCall> calls = reply.calls();
      List<Asked> awaited = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        awaited.add(new Asked(calls.get(i), sent.path(i).path("id").asText("")));
      }
      asked = awaited;
    }

    private void endOurs() {
      asked.forEach(call -> messages.add(result(call)));
      messages.addAll(words);
      asked = List.of();
      given.clear();
      words.clear();
    }

    private ObjectNode result(Asked asked) {
      ToolResult result = given.get(asked.call().id());
      String text = result == null ? "This call was not carried out." : result.text();
      boolean failed = result == null || result.failed();
      ObjectNode node = message("tool", failed ? "error: " + text : text);
      node.put("tool_name", asked.call().name());
      if (!asked.sentId().isEmpty()) {
        node.put("tool_call_id", asked.sentId());
      }
      return node;
    }

    private static ObjectNode echoed(Echo echo) {
      try {
        return (ObjectNode) JsonTree.read(echo.json());
      } catch (JsonProcessingException | ClassCastException e) {
        throw new IllegalArgumentException("an echo of " + WIRE + " is no JSON object", e);
      }
    }

    private static ObjectNode rebuilt(Reply reply) {
      ObjectNode node = message("assistant", reply.text());
      ArrayNode calls = NODES.arrayNode();
      for (Part part : reply.parts()) {
        if (part instanceof Part.Call(ToolCall call)) {
          calls.add(call(call));
        }
      }
      if (!calls.isEmpty()) {
        node.set("tool_calls", calls);
      }
      return node;
    }

    private static ObjectNode call(ToolCall call) {
      ObjectNode node = NODES.objectNode().put("id", call.id());
      node.putObject("function")
          .put("name", call.name())
          .set(
              "arguments",
              switch (call.arguments()) {
                case ToolCall.Valid(var values) -> JsonTree.object(values);
                // Only an object may stand here; the result of the call says what was wrong.
                case ToolCall.Broken _ -> NODES.objectNode();
              });
      return node;
    }
  }
}
