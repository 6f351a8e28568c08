package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.testing.ChatModelContract;

/** What replies of both APIs have in common. */
abstract class OpenAiWires implements ChatModelContract.Wire {

  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Override
  public final String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public final String error(int status, String message) {
    ObjectNode error = NODES.objectNode();
    error
        .putObject("error")
        .put("message", message)
        .put("type", status == 429 ? "requests" : "invalid_request_error")
        .putNull("param")
        .putNull("code");
    return JsonTree.write(error);
  }

  static String json(ToolCall call) {
    return JsonTree.write(JsonTree.object(((ToolCall.Valid) call.arguments()).values()));
  }

  static JsonNode tree(String json) {
    try {
      return JsonTree.read(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static ObjectNode object(String json) {
    return (ObjectNode) tree(json);
  }
}
