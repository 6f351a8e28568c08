package dev.agentrunner.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a {@link FakeAnthropic} does with a request. */
public sealed interface Reaction {

  /** Answers with a whole reply, event by event. */
  record Says(List<Block> blocks, String stopReason) implements Reaction {
    public Says {
      blocks = List.copyOf(blocks);
    }
  }

  /** The same, byte by byte; {@code pause} lies between two events. */
  record Dribbles(Says reply, Duration pause) implements Reaction {}

  /** Begins the reply and closes the connection after so many of its events. */
  record Cuts(Says reply, int events) implements Reaction {}

  /** Begins the reply and says nothing more after so many events, until the other side leaves. */
  record Stalls(Says reply, int events) implements Reaction {}

  /** Begins the reply and sends an error as the next event. */
  record Breaks(Says reply, int events, String type, String message) implements Reaction {}

  /** Refuses, as the API does. */
  record Refuses(int status, String type, String message, Map<String, String> headers)
      implements Reaction {
    public Refuses {
      headers = Map.copyOf(headers);
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
    return new Says(List.of(new Block.Words(text)), "end_turn");
  }

  /** Says {@code text} and calls a tool. */
  static Says calls(String text, String tool, Map<String, Object> input) {
    return new Says(List.of(new Block.Words(text), new Block.Tool(tool, input)), "tool_use");
  }

  static Says finishes(String summary) {
    return new Says(List.of(new Block.Tool("finish", Map.of("summary", summary))), "tool_use");
  }

  /** A rate limit that is over after so many seconds. */
  static Refuses limits(long retryAfterSeconds) {
    return new Refuses(
        429,
        "rate_limit_error",
        "This request would exceed your rate limit.",
        Map.of("retry-after", String.valueOf(retryAfterSeconds), "x-should-retry", "true"));
  }

  static Refuses overloads() {
    return new Refuses(529, "overloaded_error", "Overloaded", Map.of("x-should-retry", "true"));
  }

  static Refuses refusesKey() {
    return new Refuses(
        401, "authentication_error", "invalid x-api-key", Map.of("x-should-retry", "false"));
  }
}
