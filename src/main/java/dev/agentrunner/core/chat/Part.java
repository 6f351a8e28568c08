package dev.agentrunner.core.chat;

/** A piece of a reply. */
public sealed interface Part {

  /** Said to the user. Never empty. */
  record Text(String text) implements Part {}

  /** Thought aloud, for people to read; may be a summary. Never empty, never sent back as text. */
  record Thinking(String text) implements Part {}

  /** A tool to run. */
  record Call(ToolCall call) implements Part {}

  /**
   * Something an agent did by its own hand before it answered, told so that people can follow; no
   * answer is owed, and no other model is told of it.
   *
   * @param name of its tool, as it names it
   * @param subject what it was done to: a path, a command; one line, may be empty
   */
  record Deed(String name, String subject, boolean failed) implements Part {}
}
