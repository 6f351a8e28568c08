package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Turns;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import java.util.List;

/**
 * Writes a question as Chat Completions wants it.
 *
 * <pre>
 * {"model": …, "max_tokens" or "max_completion_tokens": …, "stream": true,
 *  "stream_options": {"include_usage": true}, "reasoning_effort"?: …, "verbosity"?: …,
 *  "tools": [{"type": "function", "function": {"name": …, "description": …, "parameters": …}}],
 *  "messages": [{"role": "system", "content": …},
 *               {"role": "user", "content": …},
 *               {"role": "assistant", "content": …, "tool_calls":
 *                  [{"id": …, "type": "function", "function": {"name": …, "arguments": "{…}"}}]},
 *               {"role": "tool", "tool_call_id": …, "content": …}]}
 * </pre>
 */
final class ChatWriter implements RequestWriter {

  /** The wire of an {@link Echo}; its JSON is the assistant's message. */
  static final String WIRE = "openai-chat";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final OpenAiSettings settings;

  ChatWriter(OpenAiSettings settings) {
    this.settings = settings;
  }

  @Override
  public ObjectNode body(ChatRequest request) {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put(
        settings.namesCompletionTokens() ? "max_completion_tokens" : "max_tokens",
        request.outputTokensMax());
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    settings.effort().ifPresent(effort -> body.put("reasoning_effort", effort));
    settings.verbosity().ifPresent(verbosity -> body.put("verbosity", verbosity));
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    ArrayNode messages = body.putArray("messages");
    if (!request.system().isEmpty()) {
      messages.add(words("system", request.system()));
    }
    Turns.answered(request.messages()).forEach(message -> add(messages, message, request.model()));
    return body;
  }

  private static ObjectNode tool(ToolSpec tool) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "function");
    ObjectNode function = node.putObject("function");
    function.put("name", tool.name());
    function.put("description", tool.description());
    function.set("parameters", JsonTree.object(tool.parameters()));
    return node;
  }

  private static void add(ArrayNode messages, Message message, String model) {
    switch (message) {
      case Message.User(String text) -> messages.add(words("user", text));
      case Message.Results(List<ToolResult> results) ->
          results.forEach(result ->
              messages.add(words("tool", result.text()).put("tool_call_id", result.callId())));
      case Message.Assistant(Reply reply) -> {
        ObjectNode said =
            Turns.echo(reply, WIRE, model, ObjectNode.class)
                .orElseGet(() -> said(reply.text(), reply.calls()));
        // Nothing said cannot be sent back.
        if (said.size() > 1) {
          messages.add(said);
        }
      }
    }
  }

  /** The assistant's message; only its role if there is nothing in it. */
  static ObjectNode said(String text, List<ToolCall> calls) {
    ObjectNode said = NODES.objectNode().put("role", "assistant");
    if (!text.isEmpty()) {
      said.put("content", text);
    } else if (!calls.isEmpty()) {
      // Left out, some servers miss it.
      said.putNull("content");
    }
    if (!calls.isEmpty()) {
      ArrayNode list = said.putArray("tool_calls");
      for (ToolCall call : calls) {
        ObjectNode node = list.addObject().put("id", call.id()).put("type", "function");
        node.putObject("function")
            .put("name", call.name())
            .put("arguments", RequestWriter.arguments(call));
      }
    }
    return said;
  }

  private static ObjectNode words(String role, String text) {
    return NODES.objectNode().put("role", role).put("content", text);
  }
}
