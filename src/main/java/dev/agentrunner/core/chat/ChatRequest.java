package dev.agentrunner.core.chat;

import java.util.List;

/**
 * One question to a model. Everything before the last messages stays the same from turn to turn, so
 * that prompt caches hold.
 *
 * @param call who asks; never sent to the provider
 * @param model empty string never; as the provider spells it
 * @param messages ends with {@link Message.User} or {@link Message.Results}, or with an assistant
 *     turn that {@link Stop#PAUSED}
 * @param outputTokensMax at most so many in the reply; positive
 */
public record ChatRequest(
    CallId call,
    String model,
    String system,
    List<Message> messages,
    List<ToolSpec> tools,
    int outputTokensMax) {

  public ChatRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /**
   * Which turn of which conversation this is: the same after a restart, so that a recording can be
   * found again.
   *
   * @param task the task's id
   * @param attempt from 1
   * @param turn from 1, counting replies within the attempt
   */
  public record CallId(String task, int attempt, int turn) {

    @Override
    public String toString() {
      return task + " attempt " + attempt + " turn " + turn;
    }
  }
}
