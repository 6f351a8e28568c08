package dev.agentrunner.adapter.http;

import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.ToolCall;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives the calls of one reply ids of their own where a provider gives none, or one twice. An id
 * made up is one that no call of the conversation has, as another provider may be handed all of it.
 */
public final class CallIds {

  private final Set<String> earlier;
  private final Set<String> taken = new HashSet<>();

  /** For a reply whose conversation does not matter. */
  public CallIds() {
    this.earlier = Set.of();
  }

  public CallIds(ChatRequest request) {
    this.earlier =
        request.messages().stream()
            .filter(Message.Assistant.class::isInstance)
            .flatMap(message -> ((Message.Assistant) message).reply().calls().stream())
            .map(ToolCall::id)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @param given may be empty
   */
  public String next(String given) {
    if (!given.isBlank() && taken.add(given)) {
      return given;
    }
    int number = earlier.size() + taken.size();
    String id = "call_" + number;
    while (earlier.contains(id) || !taken.add(id)) {
      number++;
      id = "call_" + number;
    }
    return id;
  }
}
