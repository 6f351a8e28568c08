package dev.agentrunner.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.core.chat.ToolCall;
import java.util.Map;

/**
 * The arguments of a tool call as a model wrote them, which may be anything.
 *
 * @param text meant to be a JSON object; blank for none
 * @param cut whether the output limit ended the reply within them
 */
public record WrittenArguments(String text, boolean cut) {

  private static final int WHY_MAX = 200;
  private static final String CUT = "cut off by the output limit";

  public ToolCall.Arguments read() {
    if (text.isBlank()) {
      return cut ? new ToolCall.Broken(text, CUT) : new ToolCall.Valid(Map.of());
    }
    try {
      return JsonTree.read(text) instanceof ObjectNode object
          ? new ToolCall.Valid(JsonTree.values(object))
          : new ToolCall.Broken(text, "not a JSON object");
    } catch (JsonProcessingException e) {
      return new ToolCall.Broken(text, cut ? CUT : Excerpt.of(e.getOriginalMessage(), WHY_MAX));
    }
  }
}
