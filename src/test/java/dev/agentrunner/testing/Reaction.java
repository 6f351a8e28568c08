package dev.agentrunner.testing;

import dev.agentrunner.core.chat.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a {@link FakeProvider} does with a request. */
public sealed interface Reaction {

  /**
   * Answers with a whole reply, event by event.
   *
   * @param end as far as the wire can tell it
   * @param count empty for what a turn usually costs
   */
  record Says(List<Block> blocks, Stop end, Optional<Count> count) implements Reaction {
    public Says {
      blocks = List.copyOf(blocks);
    }

    public Says(List<Block> blocks, Stop end) {
      this(blocks, end, Optional.empty());
    }

    public Says counting(Count tokens) {
      return new Says(blocks, end, Optional.of(tokens));
    }

    boolean thinks() {
      return blocks.stream().anyMatch(Block.Thought.class::isInstance);
    }
  }

  /**
   * What a reply costs.
   *
   * @param prompt all of it, what was cached included
   * @param output thinking included
   */
  record Count(long prompt, long cached, long output, long thinking) {}

  /** The same, byte by byte; {@code pause} lies between two events. */
  record Dribbles(Says reply, Duration pause) implements Reaction {}

  /** Begins the reply and closes the connection after so many of its events. */
  record Cuts(Says reply, int events) implements Reaction {}

  /** Begins the reply and says nothing more after so many events, until the other side leaves. */
  record Stalls(Says reply, int events) implements Reaction {}

  /** Begins the reply, and then goes on with the last of so many events for ever. */
  record Raves(Says reply, int events) implements Reaction {}

  /** Begins the reply and sends an error as the next event. */
  record Breaks(Says reply, int events, Trouble trouble, String message) implements Reaction {}

  /**
   * Refuses, as the API does.
   *
   * @param delay how long to wait, if that is told
   */
  record Refuses(Trouble trouble, String message, Optional<Duration> delay) implements Reaction {

    public Refuses(Trouble trouble, String message) {
      this(trouble, message, Optional.empty());
    }
  }

  /** Answers with something that is no API's answer. */
  record Babbles(int status, String contentType, String body) implements Reaction {}

  /** Closes the connection without a word. */
  record HangsUp() implements Reaction {}

  /** A piece of a reply. */
  sealed interface Block {

    /** Words. */
    record Words(String text) implements Block {}

    /** Thoughts, which the provider wants back with the calls that follow. */
    record Thought(String text) implements Block {}

    /**
     * A tool call.
     *
     * @param input what it is called with, as JDK values
     */
    record Tool(String name, Map<String, Object> input) implements Block {
      public Tool {
        input = Map.copyOf(input);
      }
    }
  }

  static Says says(String text) {
    return new Says(List.of(new Block.Words(text)), Stop.END);
  }

  /** Says {@code text} and calls a tool. */
  static Says calls(String text, String tool, Map<String, Object> input) {
    return new Says(List.of(new Block.Words(text), new Block.Tool(tool, input)), Stop.TOOLS);
  }

  /** Thinks, and calls a tool. */
  static Says thinks(String thought, String tool, Map<String, Object> input) {
    return new Says(List.of(new Block.Thought(thought), new Block.Tool(tool, input)), Stop.TOOLS);
  }

  static Says finishes(String summary) {
    return new Says(List.of(new Block.Tool("finish", Map.of("summary", summary))), Stop.TOOLS);
  }

  /** A rate limit that is over after so many seconds. */
  static Refuses limits(long retryAfterSeconds) {
    return new Refuses(
        Trouble.RATE,
        "This request would exceed your rate limit.",
        Optional.of(Duration.ofSeconds(retryAfterSeconds)));
  }

  static Refuses overloads() {
    return new Refuses(Trouble.OVERLOADED, "Overloaded");
  }

  static Refuses refusesKey() {
    return new Refuses(Trouble.KEY, "invalid x-api-key");
  }
}
