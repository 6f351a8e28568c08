package dev.agentrunner.core.chat;

import java.util.List;

/** One turn of a conversation; user and assistant take turns, beginning with the user. */
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
