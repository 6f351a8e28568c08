package dev.agentrunner.port;

import dev.agentrunner.core.chat.Answer;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.limit.QuotaReading;
import java.time.Duration;

/** A model at the other end of a wire. Safe for use by many threads. */
public interface ChatModel {

  /**
   * Asks once, without retrying, and waits for the whole reply. Expected trouble is an {@link
   * Answer.Failed}; a reply that was cut off in the middle is one too, never half a reply.
   *
   * @param watcher told of the reply as it grows, on the calling thread or another one
   * @param stop when requested, the call is closed and the answer is {@code Canceled}
   */
  Answer ask(ChatRequest request, Watcher watcher, StopSignal stop);

  /** Sees a reply come in. What it sees is for the screen, never for the log. */
  interface Watcher {

    /** More of what the model says. */
    void text(String delta);

    /** More of what it thinks. */
    void thinking(String delta);

    /** A tool call begins to arrive. */
    void call(String name);

    /** Nothing has arrived for a while; told again every few seconds until something does. */
    void silence(Duration since);

    /** The provider says what is left of a quota. */
    default void quotaRead(QuotaReading reading) {}
  }
}
