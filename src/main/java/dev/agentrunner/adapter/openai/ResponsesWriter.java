package dev.agentrunner.adapter.openai;

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
import java.util.regex.Pattern;

/**
 * Writes a question as the Responses API wants it. Nothing is kept at the other end, so the whole
 * conversation goes along, thoughts included, in encrypted form.
 *
 * <pre>
 * {"model": …, "max_output_tokens": …, "stream": true, "store": false,
 *  "include": ["reasoning.encrypted_content"], "reasoning"?: …, "text"?: …, "instructions": …,
 *  "tools": [{"type": "function", "name": …, "description": …, "parameters": …, "strict": false}],
 *  "input": [{"role": "user", "content": …},
 *            {"role": "assistant", "content": …},
 *            {"type": "function_call", "call_id": …, "name": …, "arguments": "{…}"},
 *            {"type": "function_call_output", "call_id": …, "output": …}]}
 * </pre>
 */
final class ResponsesWriter implements RequestWriter {

  /** The wire of an {@link Echo}; its JSON is the array of output items. */
  static final String WIRE = "openai-responses";

  /** Models that do not think refuse to be asked for their thoughts. */
  private static final Pattern THOUGHTLESS = Pattern.compile("(chatgpt-4|gpt-4|gpt-3).*");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final OpenAiSettings settings;

  ResponsesWriter(OpenAiSettings settings) {
    this.settings = settings;
  }

  @Override
  public ObjectNode body(ChatRequest request) {
    ObjectNode body = NODES.objectNode();
    body.put("model", request.model());
    body.put("max_output_tokens", request.outputTokensMax());
    body.put("stream", true);
    body.put("store", false);
    if (!THOUGHTLESS.matcher(request.model()).matches()) {
      body.putArray("include").add("reasoning.encrypted_content");
    }
    if (settings.effort().isPresent() || settings.summary().isPresent()) {
      ObjectNode reasoning = body.putObject("reasoning");
      settings.effort().ifPresent(effort -> reasoning.put("effort", effort));
      settings.summary().ifPresent(summary -> reasoning.put("summary", summary));
    }
    settings.verbosity().ifPresent(verbosity -> body.putObject("text").put("verbosity", verbosity));
    if (!request.system().isEmpty()) {
      body.put("instructions", request.system());
    }
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    ArrayNode input = body.putArray("input");
    Turns.answered(request.messages()).forEach(message -> add(input, message, request.model()));
    return body;
  }

  private static ObjectNode tool(ToolSpec tool) {
    ObjectNode node = NODES.objectNode();
    node.put("type", "function");
    node.put("name", tool.name());
    node.put("description", tool.description());
    node.set("parameters", JsonTree.object(tool.parameters()));
    // On by default, and then no parameter may be optional.
    node.put("strict", false);
    return node;
  }

  private static void add(ArrayNode input, Message message, String model) {
    switch (message) {
      case Message.User(String text) -> input.add(words("user", text));
      case Message.Results(List<ToolResult> results) ->
          results.forEach(result ->
              input
                  .addObject()
                  .put("type", "function_call_output")
                  .put("call_id", result.callId())
                  .put("output", result.text()));
      case Message.Assistant(Reply reply) ->
          Turns.echo(reply, WIRE, model, ArrayNode.class)
              .ifPresentOrElse(
                  input::addAll, () -> reply.parts().forEach(part -> add(input, part)));
    }
  }

  private static void add(ArrayNode input, Part part) {
    switch (part) {
      case Part.Text(String text) -> input.add(words("assistant", text));
      case Part.Thinking _, Part.Deed _ -> {}
      case Part.Call(ToolCall call) ->
          input
              .addObject()
              .put("type", "function_call")
              .put("call_id", call.id())
              .put("name", call.name())
              .put("arguments", RequestWriter.arguments(call));
    }
  }

  private static ObjectNode words(String role, String text) {
    return NODES.objectNode().put("role", role).put("content", text);
  }
}
