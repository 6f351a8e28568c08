package dev.agentrunner.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the wires have in common. A reply that thought marks the ids of its calls, so that a
 * question that brings such a call back shows by itself that the thoughts must come with it.
 */
abstract class JsonWire implements Wire {

  /** What one reply costs, so that tests can add up. */
  static final int INPUT_TOKENS_PER_TURN = 100;

  static final int OUTPUT_TOKENS = 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIECE_LENGTH = 24;
  private static final String OF_THOUGHT = "thought_";

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  static String written(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sorted: the same script sends the same bytes. */
  static ObjectNode input(Reaction.Block.Tool tool) {
    return JSON.valueToTree(new TreeMap<>(tool.input()));
  }

  static List<String> pieces(String text) {
    int[] letters = text.codePoints().toArray();
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < letters.length; from += PIECE_LENGTH) {
      pieces.add(new String(letters, from, Math.min(PIECE_LENGTH, letters.length - from)));
    }
    return pieces;
  }

  static Reaction.Count count(Reaction.Says reply, Asked asked) {
    return reply
        .count()
        .orElse(
            new Reaction.Count(INPUT_TOKENS_PER_TURN * (long) asked.turn(), 0, OUTPUT_TOKENS, 0));
  }

  static String model(Asked asked) {
    return asked.body().path("model").asText("a-model");
  }

  static String callId(Reaction.Says reply, long number, int index) {
    return "%s%d_%d".formatted(reply.thinks() ? OF_THOUGHT : "call_", number, index);
  }

  /** What stands for the thoughts of that reply where the wire seals them. */
  static String seal(long number) {
    return "c2VhbCBvZiByZXBseSA" + number;
  }

  /** The seal that must come back with that call; empty if none must. */
  static Optional<String> sealOf(String callId) {
    return callId.startsWith(OF_THOUGHT)
        ? Optional.of(
            seal(Long.parseLong(callId.substring(OF_THOUGHT.length()).replaceFirst("_.*", ""))))
        : Optional.empty();
  }

  /** Each call is answered right behind the turn that made it, and nothing else is. */
  static Optional<String> unanswered(Set<String> called, Set<String> answered) {
    return called.equals(answered)
        ? Optional.empty()
        : Optional.of(
            "`tool_use` ids were found without `tool_result` blocks immediately after, or the other way round: %s, %s"
                .formatted(called, answered));
  }

  static boolean bearer(Map<String, String> headers) {
    return headers.getOrDefault("authorization", "").startsWith("Bearer ");
  }

  /** The words in a content that is a text, or blocks of it. */
  static String words(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder words = new StringBuilder();
    for (JsonNode block : content) {
      words.append(words(block.has("text") ? block.path("text") : block.path("content")));
    }
    return words.toString();
  }

  static int status(Trouble trouble) {
    return switch (trouble) {
      case RATE, QUOTA_UNTIL, QUOTA -> 429;
      case UNPAID -> 402;
      case KEY -> 401;
      case FORBIDDEN -> 403;
      case NO_MODEL -> 404;
      case TOO_LONG, STRANGE -> 400;
      case BROKEN -> 500;
      case OVERLOADED -> 503;
    };
  }

  @Override
  public Optional<String> aside(String path, JsonNode body) {
    return Optional.empty();
  }
}
