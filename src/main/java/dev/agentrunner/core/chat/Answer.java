package dev.agentrunner.core.chat;

/** What came of a question. */
public sealed interface Answer {

  /** The model answered. */
  record Replied(Reply reply) implements Answer {}

  /**
   * It did not.
   *
   * @param usage what was counted before the failure; {@link Usage#NONE} if nothing was
   */
  record Failed(ModelFailure failure, Usage usage) implements Answer {}
}
