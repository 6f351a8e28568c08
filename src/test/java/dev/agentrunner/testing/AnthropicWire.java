package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Messages API, with what recordings of the real one show: blanks behind the JSON, a ping after
 * the first block has begun, arguments in pieces of which the first is empty.
 */
final class AnthropicWire extends JsonWire {

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/messages")
        || path.startsWith("/v1/messages?") // As command lines ask for features in trial.
        || path.equals("/v1/messages/count_tokens");
  }

  @Override
  public Optional<String> aside(String path, JsonNode body) {
    return path.endsWith("/count_tokens")
        ? Optional.of("{\"input_tokens\":" + INPUT_TOKENS_PER_TURN + "}")
        : Optional.empty();
  }

  @Override
  public boolean hasKey(Map<String, String> headers) {
    return headers.containsKey("x-api-key") != bearer(headers);
  }

  @Override
  public List<Line> said(JsonNode body) {
    List<Line> said = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      boolean model = message.path("role").asText().equals("assistant");
      said.add(new Line(model, words(message.path("content"))));
    }
    return said;
  }

  @Override
  public Optional<String> fault(Map<String, String> headers, JsonNode body) {
    if (!headers.containsKey("anthropic-version")) {
      return Optional.of("anthropic-version: header is required");
    }
    if (!body.path("model").isTextual() || !body.path("max_tokens").isInt()) {
      return Optional.of("model, max_tokens: Field required");
    }
    if (!body.path("messages").path(0).path("role").asText().equals("user")) {
      return Optional.of("messages: first message must use the \"user\" role");
    }
    Set<String> called = new HashSet<>();
    for (JsonNode message : body.path("messages")) {
      Set<String> answered = new HashSet<>();
      Set<String> calls = new HashSet<>();
      Set<String> seals = new HashSet<>();
      for (JsonNode block : message.path("content")) {
        switch (block.path("type").asText()) {
          case "tool_use" -> calls.add(block.path("id").asText());
          case "tool_result" -> answered.add(block.path("tool_use_id").asText());
          case "thinking" -> seals.add(block.path("signature").asText());
          case "text" -> {
            if (block.path("text").asText().isEmpty()) {
              return Optional.of("messages: text content blocks must be non-empty");
            }
          }
          default -> {
            // Nothing to look at.
          }
        }
      }
      for (String call : calls) {
        if (sealOf(call).filter(seal -> !seals.contains(seal)).isPresent()) {
          return Optional.of("Expected `thinking`, but found `tool_use` " + call);
        }
      }
      Optional<String> unanswered = unanswered(called, answered);
      if (unanswered.isPresent()) {
        return unanswered;
      }
      called = calls;
    }
    return unanswered(called, Set.of());
  }

  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public List<String> stream(Reaction.Says reply, Asked asked, long number) {
    Reaction.Count count = count(reply, asked);
    Events events = new Events();
    events.start(model(asked), number, count);
    int index = 0;
    for (Reaction.Block block : reply.blocks()) {
      switch (block) {
        case Reaction.Block.Words(String text) -> {
          events.begin(index, object().put("type", "text").put("text", ""));
          events.deltas(index, "text_delta", "text", pieces(text));
        }
        case Reaction.Block.Thought(String text) -> {
          events.begin(
              index, object().put("type", "thinking").put("thinking", "").put("signature", ""));
          events.deltas(index, "thinking_delta", "thinking", pieces(text));
          events.deltas(index, "signature_delta", "signature", List.of(seal(number)));
        }
        case Reaction.Block.Tool tool -> {
          ObjectNode begun =
              object().put("type", "tool_use").put("id", callId(reply, number, index));
          begun.put("name", tool.name()).putObject("input");
          begun.putObject("caller").put("type", "direct");
          events.begin(index, begun);
          events.deltas(index, "input_json_delta", "partial_json", List.of(""));
          events.deltas(index, "input_json_delta", "partial_json", pieces(written(input(tool))));
        }
      }
      events.add("content_block_stop", object().put("index", index));
      index++;
    }
    events.end(reply, count);
    return events.all;
  }

  /** The events of one reply. */
  private static final class Events {
    private final List<String> all = new ArrayList<>();

    void add(String type, ObjectNode data) {
      ObjectNode event = object().put("type", type);
      event.setAll(data);
      String json = written(event);
      String padded = json.substring(0, json.length() - 1) + " ".repeat(all.size() % 5) + "}";
      all.add("event: %s\ndata: %s\n\n".formatted(type, padded));
    }

    void start(String model, long number, Reaction.Count count) {
      ObjectNode start = object();
      ObjectNode message = start.putObject("message");
      message.put("model", model).put("id", "msg_%024d".formatted(number));
      message.put("type", "message").put("role", "assistant").putArray("content");
      message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
      message
          .putObject("usage")
          .put("input_tokens", count.prompt() - count.cached())
          .put("cache_creation_input_tokens", 0)
          .put("cache_read_input_tokens", count.cached())
          .put("output_tokens", 1);
      add("message_start", start);
    }

    void begin(int index, ObjectNode block) {
      boolean first = all.size() == 1;
      ObjectNode start = object().put("index", index);
      start.set("content_block", block);
      add("content_block_start", start);
      if (first) {
        all.add("event: ping\ndata: {\"type\": \"ping\"}\n\n");
      }
    }

    void deltas(int index, String type, String member, List<String> pieces) {
      for (String piece : pieces) {
        ObjectNode delta = object().put("index", index);
        delta.putObject("delta").put("type", type).put(member, piece);
        add("content_block_delta", delta);
      }
    }

    void end(Reaction.Says reply, Reaction.Count count) {
      ObjectNode delta = object();
      String reason =
          switch (reply.end()) {
            case END -> "end_turn";
            case TOOLS -> "tool_use";
            case OUTPUT_LIMIT -> "max_tokens";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case PAUSED -> "pause_turn";
            case REFUSED -> "refusal";
            case OTHER -> "sundown";
          };
      delta
          .putObject("delta")
          .put("stop_reason", reason)
          .putNull("stop_sequence")
          .putNull("stop_details");
      ObjectNode usage = delta.putObject("usage");
      usage.putNull("input_tokens").put("output_tokens", count.output());
      usage.putObject("output_tokens_details").put("thinking_tokens", count.thinking());
      add("message_delta", delta);
      add("message_stop", object());
    }
  }

  private static String type(Trouble trouble) {
    return switch (trouble) {
      case RATE, QUOTA, QUOTA_UNTIL -> "rate_limit_error";
      case UNPAID -> "billing_error";
      case KEY -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NO_MODEL -> "not_found_error";
      case TOO_LONG, STRANGE -> "invalid_request_error";
      case BROKEN -> "api_error";
      case OVERLOADED -> "overloaded_error";
    };
  }

  private static ObjectNode error(Trouble trouble, String message) {
    ObjectNode error = object().put("type", "error");
    error.putObject("error").put("type", type(trouble)).put("message", message);
    return error;
  }

  @Override
  public String midway(Trouble trouble, String message) {
    return "event: error\ndata: %s\n\n".formatted(written(error(trouble, message)));
  }

  @Override
  public Refusal refusal(Reaction.Refuses refuses, long number) {
    Trouble trouble = refuses.trouble();
    Map<String, String> headers = new HashMap<>();
    refuses.delay().ifPresent(wait -> headers.put("retry-after", Wire.seconds(wait)));
    String spent = "You have reached your specified API usage limits.";
    String message =
        switch (trouble) {
          case QUOTA -> spent;
          case QUOTA_UNTIL -> spent + " You will regain access on 2026-12-01 at 00:00 UTC.";
          case TOO_LONG -> "prompt is too long: 9 tokens > 8 maximum";
          default -> refuses.message();
        };
    int status =
        switch (trouble) {
          case QUOTA, QUOTA_UNTIL -> 400;
          case OVERLOADED -> 529;
          default -> status(trouble);
        };
    ObjectNode body = error(trouble, message).put("request_id", "req_%024d".formatted(number));
    return new Refusal(status, headers, written(body));
  }
}
