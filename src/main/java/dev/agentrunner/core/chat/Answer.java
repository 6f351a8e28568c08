package dev.agentrunner.core.chat;

import java.util.Optional;

/** What came of a question. */
public sealed interface Answer {

  /** The model answered. */
  record Replied(Reply reply) implements Answer {}

  /**
   * It did not.
   *
   * @param usage what was counted before the failure; {@link Usage#NONE} if nothing was
   * @param session an {@link Echo} of the whole conversation, if the other side remembers it and
   *     can go on with it
   */
  record Failed(ModelFailure failure, Usage usage, Optional<Echo> session) implements Answer {

    /** Of a call that left nothing behind. */
    public Failed(ModelFailure failure, Usage usage) {
      this(failure, usage, Optional.empty());
    }
  }
}
