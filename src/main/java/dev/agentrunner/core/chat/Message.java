package dev.agentrunner.core.chat;

import java.util.List;

/**
 * One turn of a conversation, beginning with the user's. {@link Results} and {@link User} may
 * follow each other; both are the user's side, and a wire that wants the sides to alternate joins
 * them.
 */
public sealed interface Message {

  /** Words of ours: the prompt, or a remark between turns. Never empty. */
  record User(String text) implements Message {}

  /** What the model said. */
  record Assistant(Reply reply) implements Message {}

  /** Answers to every call of the reply before, in the order of the calls. */
  record Results(List<ToolResult> results) implements Message {

    public Results {
      results = List.copyOf(results);
    }
  }
}
