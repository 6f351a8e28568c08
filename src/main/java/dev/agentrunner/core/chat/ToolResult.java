package dev.agentrunner.core.chat;

/**
 * What a tool call came to, as the model sees it.
 *
 * @param callId the {@link ToolCall#id} answered
 * @param name the tool called; Gemini and Ollama match by it
 * @param text never empty
 * @param failed whether the model should take it as an error
 */
public record ToolResult(String callId, String name, String text, boolean failed) {

  public ToolResult {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a tool result says something: " + name);
    }
  }
}
