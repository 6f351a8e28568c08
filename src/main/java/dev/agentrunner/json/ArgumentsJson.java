package dev.agentrunner.json;

import dev.agentrunner.core.chat.ToolCall;
import java.nio.charset.StandardCharsets;

/** The arguments of a tool call as somebody types them. */
public final class ArgumentsJson {

  private ArgumentsJson() {}

  /** Never throws: what is no JSON object is {@link ToolCall.Broken}. */
  public static ToolCall.Arguments read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return new ToolCall.Valid(JsonReader.read(bytes, 0, bytes.length, Bodies.INLINE).values());
    } catch (UnreadableJsonException e) {
      return new ToolCall.Broken(text, String.valueOf(e.getMessage()));
    }
  }
}
