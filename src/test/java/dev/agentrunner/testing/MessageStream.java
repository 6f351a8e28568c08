package dev.agentrunner.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A reply as the events of the Messages API, with what recordings of the real one show: blanks
 * behind the JSON, a ping after the first block has begun, arguments in pieces of which the first
 * is empty.
 */
final class MessageStream {

  /** What one reply costs, so that tests can add up. */
  static final int INPUT_TOKENS_PER_TURN = 100;

  static final int OUTPUT_TOKENS = 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIECE_LENGTH = 24;

  private final List<String> events = new ArrayList<>();
  private final String model;
  private final long number;
  private final int inputTokens;

  /**
   * @param number tells this reply from others of the same server
   */
  MessageStream(Asked asked, long number) {
    this.model = asked.body().path("model").asText("claude");
    this.number = number;
    this.inputTokens = INPUT_TOKENS_PER_TURN * asked.turn();
  }

  /** Every event, ready to be sent. */
  List<String> of(Reaction.Says reply) {
    start();
    int index = 0;
    for (Reaction.Block block : reply.blocks()) {
      switch (block) {
        case Reaction.Block.Words(String text) -> words(index, text);
        case Reaction.Block.Tool tool -> tool(index, tool);
      }
      add(object("content_block_stop").put("index", index));
      index++;
    }
    ObjectNode delta = object("message_delta");
    delta
        .putObject("delta")
        .put("stop_reason", reply.stopReason())
        .putNull("stop_sequence")
        .putNull("stop_details");
    delta.putObject("usage").put("input_tokens", inputTokens).put("output_tokens", OUTPUT_TOKENS);
    add(delta);
    add(object("message_stop"));
    return List.copyOf(events);
  }

  private void start() {
    ObjectNode start = object("message_start");
    ObjectNode message = start.putObject("message");
    message.put("model", model).put("id", "msg_%024d".formatted(number));
    message.put("type", "message").put("role", "assistant").putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
    message
        .putObject("usage")
        .put("input_tokens", inputTokens)
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", 0)
        .put("output_tokens", 1);
    add(start);
  }

  private void words(int index, String text) {
    ObjectNode start = object("content_block_start").put("index", index);
    start.putObject("content_block").put("type", "text").put("text", "");
    begin(start);
    pieces(text).forEach(piece -> delta(index, "text_delta", "text", piece));
  }

  private void tool(int index, Reaction.Block.Tool tool) {
    ObjectNode start = object("content_block_start").put("index", index);
    ObjectNode block = start.putObject("content_block").put("type", "tool_use");
    block.put("id", "toolu_%d_%d".formatted(number, index)).put("name", tool.name());
    block.putObject("input");
    block.putObject("caller").put("type", "direct");
    begin(start);
    delta(index, "input_json_delta", "partial_json", "");
    // Sorted: the same script sends the same bytes.
    pieces(written(JSON.valueToTree(new TreeMap<>(tool.input()))))
        .forEach(piece -> delta(index, "input_json_delta", "partial_json", piece));
  }

  private void begin(ObjectNode start) {
    boolean first = events.size() == 1;
    add(start);
    if (first) {
      events.add("event: ping\ndata: {\"type\": \"ping\"}\n\n");
    }
  }

  private void delta(int index, String type, String member, String piece) {
    ObjectNode delta = object("content_block_delta").put("index", index);
    delta.putObject("delta").put("type", type).put(member, piece);
    add(delta);
  }

  private static List<String> pieces(String text) {
    int[] letters = text.codePoints().toArray();
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < letters.length; from += PIECE_LENGTH) {
      pieces.add(new String(letters, from, Math.min(PIECE_LENGTH, letters.length - from)));
    }
    return pieces;
  }

  /** An error as an event. */
  static String error(String type, String message) {
    ObjectNode event = object("error");
    event.putObject("error").put("type", type).put("message", message);
    return "event: error\ndata: %s\n\n".formatted(written(event));
  }

  /** An error as the body of a refusal. */
  static String refusal(String type, String message, long number) {
    ObjectNode body = object("error");
    body.putObject("error").put("type", type).put("message", message);
    return written(body.put("request_id", "req_%024d".formatted(number)));
  }

  private static ObjectNode object(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private void add(ObjectNode event) {
    String json = written(event);
    String padded = json.substring(0, json.length() - 1) + " ".repeat(events.size() % 5) + "}";
    events.add("event: %s\ndata: %s\n\n".formatted(event.path("type").asText(), padded));
  }

  private static String written(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
