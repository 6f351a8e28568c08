package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.CallIds;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A reply as its events add up to it. What this version does not know, be it an event, a block, a
 * delta or a field, is passed over, or kept for the echo where it is part of the reply.
 */
final class MessagesReply {

  private static final Set<String> REBUILT_FROM_PARTS = Set.of("text", "tool_use");

  private final String modelAsked;
  private final Liveness watcher;
  private final UsageCount usage = new UsageCount();
  private final Map<Integer, ContentBlock> blocks = new TreeMap<>();
  private String model;
  private String stopReason = "";
  private JsonNode stopSequence = JsonNodeFactory.instance.missingNode();
  private JsonNode stopDetails = JsonNodeFactory.instance.missingNode();

  MessagesReply(String modelAsked, Liveness watcher) {
    this.modelAsked = modelAsked;
    this.model = modelAsked;
    this.watcher = watcher;
  }

  /** Takes in one event and tells whether the reply is whole now. */
  boolean take(String type, JsonNode event) {
    switch (type) {
      case "message_start" -> {
        JsonNode message = event.path("message");
        name(message);
        usage.report(message.path("usage"), false);
        watcher.content();
      }
      case "content_block_start" -> {
        if (event.path("content_block") instanceof ObjectNode raw) {
          begin(event.path("index").asInt(), raw);
        }
      }
      case "content_block_delta" -> grow(event.path("index").asInt(), event.path("delta"));
      case "message_delta" -> {
        end(event.path("delta"));
        usage.report(event.path("usage"), true);
        watcher.content();
      }
      case "message_stop" -> {
        return true;
      }
      default -> {
        // A ping, the end of a block, or something newer than this.
      }
    }
    return false;
  }

  /** Takes in a reply that came in one piece, from a server that does not stream. */
  void takeWhole(JsonNode message) {
    name(message);
    int index = 0;
    for (JsonNode block : message.path("content")) {
      if (block instanceof ObjectNode raw) {
        begin(index++, raw);
      }
    }
    end(message);
    usage.report(message.path("usage"), true);
  }

  private void name(JsonNode message) {
    if (!message.path("model").asText("").isEmpty()) {
      model = message.path("model").asText("");
    }
  }

  private void begin(int index, ObjectNode raw) {
    ContentBlock block = new ContentBlock(raw);
    blocks.put(index, block);
    watcher.content();
    switch (block.type()) {
      case "text" -> show(raw.path("text").asText(""), false);
      case "thinking" -> show(raw.path("thinking").asText(""), true);
      case "tool_use" -> watcher.call(block.name());
      default -> {}
    }
  }

  private void grow(int index, JsonNode delta) {
    watcher.content();
    ContentBlock block = blocks.get(index);
    if (block == null) {
      block = startless(delta);
      blocks.put(index, block);
    }
    block.grow(delta);
    switch (delta.path("type").asText("")) {
      case "text_delta" -> show(delta.path("text").asText(""), false);
      case "thinking_delta" -> show(delta.path("thinking").asText(""), true);
      default -> {}
    }
  }

  /** Some servers leave the start of a block out; of what kind it is shows in what it grows by. */
  private static ContentBlock startless(JsonNode delta) {
    String type = delta.path("type").asText("");
    ObjectNode raw = JsonNodeFactory.instance.objectNode();
    raw.put("type", type.endsWith("_delta") ? type.substring(0, type.length() - 6) : type);
    return new ContentBlock(raw);
  }

  private void show(String delta, boolean thinking) {
    if (delta.isEmpty()) {
      return;
    }
    if (thinking) {
      watcher.thinking(delta);
    } else {
      watcher.text(delta);
    }
  }

  private void end(JsonNode message) {
    if (message.path("stop_reason").isTextual()) {
      stopReason = message.path("stop_reason").textValue();
    }
    if (message.hasNonNull("stop_sequence")) {
      stopSequence = message.path("stop_sequence");
    }
    if (message.hasNonNull("stop_details")) {
      stopDetails = message.path("stop_details");
    }
  }

  Usage counted() {
    return usage.soFar();
  }

  Reply whole() {
    List<Part> parts = new ArrayList<>();
    ArrayNode raw = JsonNodeFactory.instance.arrayNode();
    boolean partsDo = true;
    CallIds ids = new CallIds();
    List<ContentBlock> all = List.copyOf(blocks.values());
    for (int i = 0; i < all.size(); i++) {
      ContentBlock block = all.get(i);
      String id = block.isCall() ? ids.next(block.id()) : "";
      boolean cut = stopReason.equals("max_tokens") && i == all.size() - 1;
      block.part(id, cut).ifPresent(parts::add);
      partsDo &= REBUILT_FROM_PARTS.contains(block.type());
      if (!block.isEmptyText()) {
        raw.add(block.whole(id));
      }
    }
    Optional<Echo> echo =
        partsDo
            ? Optional.empty()
            : Optional.of(new Echo(MessagesWriter.WIRE, modelAsked, JsonTree.write(raw)));
    boolean calls = parts.stream().anyMatch(Part.Call.class::isInstance);
    Stop stop = stop(calls);
    return new Reply(model, parts, stop, stopDetail(stop), usage.soFar(), echo);
  }

  private Stop stop(boolean calls) {
    return switch (stopReason) {
      case "end_turn", "stop_sequence", "" -> {
        if (calls) {
          yield Stop.TOOLS;
        }
        yield stopReason.isEmpty() ? Stop.OTHER : Stop.END;
      }
      case "tool_use" -> calls ? Stop.TOOLS : Stop.OTHER;
      case "max_tokens" -> Stop.OUTPUT_LIMIT;
      case "model_context_window_exceeded" -> Stop.CONTEXT_FULL;
      case "pause_turn" -> Stop.PAUSED;
      case "refusal" -> Stop.REFUSED;
      default -> Stop.OTHER;
    };
  }

  private String stopDetail(Stop stop) {
    if (stop == Stop.REFUSED) {
      String category = stopDetails.path("category").asText("");
      String explanation = stopDetails.path("explanation").asText("");
      return category.isEmpty() || explanation.isEmpty()
          ? category + explanation
          : category + ": " + explanation;
    }
    if (stop == Stop.OTHER) {
      return stopReason.isEmpty() ? "no reason given" : stopReason;
    }
    return stopSequence.asText("");
  }
}
