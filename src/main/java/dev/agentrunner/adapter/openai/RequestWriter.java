package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.ToolCall;

/**
 * Writes a question as one of the APIs wants it. The same conversation gives the same bytes but for
 * what was added, so that the provider's cache of the prompt holds.
 */
sealed interface RequestWriter permits ResponsesWriter, ChatWriter {

  ObjectNode body(ChatRequest request);

  /** The arguments as text, which is how both APIs have them. */
  static String arguments(ToolCall call) {
    return switch (call.arguments()) {
      case ToolCall.Valid(var values) -> JsonTree.write(JsonTree.object(values));
      // Some servers read them again; the result of the call says what was wrong with it.
      case ToolCall.Broken _ -> "{}";
    };
  }
}
