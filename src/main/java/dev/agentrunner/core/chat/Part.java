package dev.agentrunner.core.chat;

/** A piece of a reply. */
public sealed interface Part {

  /** Said to the user. Never empty. */
  record Text(String text) implements Part {}

  /** Thought aloud, for people to read; may be a summary. Never empty, never sent back as text. */
  record Thinking(String text) implements Part {}

  /** A tool to run. */
  record Call(ToolCall call) implements Part {}
}
