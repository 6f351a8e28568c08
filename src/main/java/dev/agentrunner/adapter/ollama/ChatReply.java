package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.CallIds;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.adapter.http.WrittenArguments;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A reply as its lines add up to it. */
final class ChatReply {

  private final String modelAsked;
  private final int contextTokens;
  private final CallIds ids;
  private final Liveness watcher;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final ArrayNode calls = JsonNodeFactory.instance.arrayNode();
  private String model;
  private String doneReason = "";
  private long promptTokens;
  private long outputTokens;
  private boolean promptCounted;
  private boolean outputCounted;

  /**
   * @param contextTokens how much room the conversation was given
   */
  ChatReply(ChatRequest request, int contextTokens, Liveness watcher) {
    this.modelAsked = request.model();
    this.model = modelAsked;
    this.contextTokens = contextTokens;
    this.ids = new CallIds(request);
    this.watcher = watcher;
  }

  /** Takes in one line and tells whether the reply is whole now. */
  boolean take(JsonNode line) {
    watcher.content();
    if (!line.path("model").asText("").isEmpty()) {
      model = line.path("model").asText("");
    }
    JsonNode message = line.path("message");
    String thought = message.path("thinking").asText("");
    if (!thought.isEmpty()) {
      thinking.append(thought);
      watcher.thinking(thought);
    }
    String text = message.path("content").asText("");
    if (!text.isEmpty()) {
      content.append(text);
      watcher.text(text);
    }
    for (JsonNode call : message.path("tool_calls")) {
      String name = call.path("function").path("name").asText("");
      // A call without a name can neither be answered nor sent back.
      if (!name.isEmpty()) {
        calls.add(call);
        watcher.call(name);
      }
    }
    count(line);
    doneReason = line.path("done_reason").asText(doneReason);
    return line.path("done").asBoolean();
  }

  private void count(JsonNode line) {
    // Left out by older servers for a prompt that they remember.
    if (line.path("prompt_eval_count").isNumber()) {
      promptTokens = Math.max(0, line.path("prompt_eval_count").asLong());
      promptCounted = true;
    }
    if (line.path("eval_count").isNumber()) {
      outputTokens = Math.max(0, line.path("eval_count").asLong());
      outputCounted = true;
    }
  }

  Usage counted() {
    return new Usage(promptTokens, 0, 0, outputTokens, 0, promptCounted && outputCounted);
  }

  Reply whole() {
    List<Part> parts = new ArrayList<>();
    if (!thinking.isEmpty()) {
      parts.add(new Part.Thinking(thinking.toString()));
    }
    if (!content.isEmpty()) {
      parts.add(new Part.Text(content.toString()));
    }
    boolean partsDo = thinking.isEmpty();
    for (JsonNode call : calls) {
      partsDo &= call.hasNonNull("id");
      parts.add(new Part.Call(call(call)));
    }
    Stop stop = stop();
    return new Reply(
        model,
        parts,
        stop,
        stop == Stop.OTHER ? doneReason : "",
        counted(),
        partsDo
            ? Optional.empty()
            : Optional.of(new Echo(ChatWriter.WIRE, modelAsked, JsonTree.write(message()))));
  }

  private ObjectNode message() {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
    message.put("content", content.toString());
    if (!thinking.isEmpty()) {
      message.put("thinking", thinking.toString());
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
    return message;
  }

  private ToolCall call(JsonNode call) {
    JsonNode function = call.path("function");
    return new ToolCall(
        ids.next(call.path("id").asText("")),
        function.path("name").asText(""),
        arguments(function.path("arguments")));
  }

  private static ToolCall.Arguments arguments(JsonNode given) {
    return switch (given) {
      case ObjectNode object -> new ToolCall.Valid(JsonTree.values(object));
      case JsonNode none when none.isMissingNode() || none.isNull() -> new ToolCall.Valid(Map.of());
      // As OpenAI has it, which some servers in front of Ollama follow.
      case JsonNode text when text.isTextual() ->
          new WrittenArguments(text.textValue(), false).read();
      default -> new ToolCall.Broken(JsonTree.write(given), "not a JSON object");
    };
  }

  private Stop stop() {
    return switch (doneReason) {
      // Older servers give no reason.
      case "stop", "" -> calls.isEmpty() ? Stop.END : Stop.TOOLS;
      case "length" ->
          promptTokens + outputTokens >= contextTokens ? Stop.CONTEXT_FULL : Stop.OUTPUT_LIMIT;
      default -> Stop.OTHER;
    };
  }
}
