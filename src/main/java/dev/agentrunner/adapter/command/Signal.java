package dev.agentrunner.adapter.command;

import dev.agentrunner.core.chat.Usage;
import java.time.Instant;
import java.util.Optional;

/** What a line of an agent's output says, in words that all agents share. */
sealed interface Signal {

  /**
   * The session began, or goes on.
   *
   * @param session to resume it by
   * @param model empty where it is not told
   */
  record Started(String session, String model) implements Signal {}

  /**
   * Something said.
   *
   * @param goesOn whether it belongs to what was said just before
   */
  record Said(String text, boolean goesOn) implements Signal {}

  /** Something thought aloud. */
  record Thought(String text) implements Signal {}

  /**
   * A tool is used.
   *
   * @param id joins it to its {@link Returned}; empty if there is none to come
   */
  record Used(String id, String tool, String subject) implements Signal {}

  /** A tool came back. */
  record Returned(String id, boolean failed) implements Signal {}

  /** Tokens and money of what was done since the last time it was told. */
  record Counted(Usage usage) implements Signal {}

  /** A quota is used up. */
  record RateLimited(String scope, Optional<Instant> resetsAt) implements Signal {}

  /**
   * Something went wrong.
   *
   * @param hint the agent's own word for the kind of trouble, or the HTTP status; may be empty
   * @param last whether the agent gives up over it
   */
  record Failed(String message, String hint, boolean last) implements Signal {}

  /**
   * The agent is done.
   *
   * @param text its closing words; empty where they were said before
   */
  record Finished(String text) implements Signal {}
}
