package dev.agentrunner.adapter.ollama;

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
import java.util.List;

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

    /** The calls of the turn that was sent last. */
    private JsonNode sent = NODES.missingNode();

    Conversation(String model) {
      this.model = model;
    }

    ArrayNode of(List<Message> all) {
      for (Message message : Turns.answered(all)) {
        switch (message) {
          case Message.User(String text) -> messages.add(message("user", text));
          case Message.Results(List<ToolResult> results) -> add(results);
          case Message.Assistant(Reply reply) -> add(reply);
        }
      }
      return messages;
    }

    private void add(Reply reply) {
      ObjectNode said =
          Turns.echo(reply, WIRE, model, ObjectNode.class).orElseGet(() -> rebuilt(reply));
      // Nothing said need not be sent back.
      if (!said.path("content").asText("").isEmpty() || said.size() > 2) {
        messages.add(said);
        sent = said.path("tool_calls");
      }
    }

    private void add(List<ToolResult> results) {
      for (int i = 0; i < Math.min(results.size(), sent.size()); i++) {
        ToolResult result = results.get(i);
        ObjectNode node =
            message("tool", result.failed() ? "error: " + result.text() : result.text());
        node.put("tool_name", result.name());
        String id = sent.path(i).path("id").asText("");
        messages.add(id.isEmpty() ? node : node.put("tool_call_id", id));
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
