package dev.agentrunner.core.chat;

/** Why a reply ended. */
public enum Stop {
  /** The model has said what it wanted to say. */
  END,
  /** It waits for tools. Also set where the provider has no such reason but calls are there. */
  TOOLS,
  /** The output limit cut it; its last call may be {@link ToolCall.Broken}. */
  OUTPUT_LIMIT,
  /** The context window is full: a longer conversation cannot go on. */
  CONTEXT_FULL,
  /** The provider paused a long turn: send it back as it is and ask again. */
  PAUSED,
  /** Declined for safety; what was said is to be discarded. */
  REFUSED,
  /** Something this version does not know; the reply's {@code stopDetail} has the word. */
  OTHER
}
