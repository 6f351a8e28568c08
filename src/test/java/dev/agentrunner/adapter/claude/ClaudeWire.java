package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.testing.ChatModelContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replies as the Messages API streams them. */
final class ClaudeWire implements ChatModelContract.Wire {

  static final String SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3h";

  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public List<String> text(String... deltas) {
    List<String> stream = begun();
    stream.add(start(0, "{\"type\":\"text\",\"text\":\"\"}"));
    stream.add(event("ping", "{\"type\": \"ping\"}"));
    for (String delta : deltas) {
      stream.add(delta(0, "text_delta", "text", delta));
    }
    stream.add(end(0));
    return ended(stream, "end_turn");
  }

  @Override
  public List<String> calls(ToolCall... calls) {
    List<String> stream = begun();
    for (int i = 0; i < calls.length; i++) {
      call(stream, i, calls[i].id(), calls[i].name(), json(calls[i]));
    }
    return ended(stream, "tool_use");
  }

  @Override
  public List<String> thinking(String thought, ToolCall call) {
    List<String> stream = begun();
    stream.add(start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
    stream.add(delta(0, "thinking_delta", "thinking", thought.substring(0, 2)));
    stream.add(delta(0, "thinking_delta", "thinking", thought.substring(2)));
    stream.add(delta(0, "signature_delta", "signature", SIGNATURE));
    stream.add(end(0));
    call(stream, 1, call.id(), call.name(), json(call));
    return ended(stream, "tool_use");
  }

  @Override
  public Optional<String> thinkingMark() {
    return Optional.of(SIGNATURE);
  }

  @Override
  public Optional<List<String>> stopped(Stop reason) {
    return Optional.of(
        switch (reason) {
          case END -> stopped("end_turn");
          case TOOLS -> calls(new ToolCall("a1", "f", new ToolCall.Valid(java.util.Map.of())));
          case OUTPUT_LIMIT -> stopped("max_tokens");
          case CONTEXT_FULL -> stopped("model_context_window_exceeded");
          case PAUSED -> stopped("pause_turn");
          case REFUSED -> stopped("refusal");
          case OTHER -> stopped("moon_in_the_seventh_house");
        });
  }

  @Override
  public Optional<List<String>> brokenCall(String id, String name, String raw) {
    List<String> stream = begun();
    call(stream, 0, id, name, raw);
    return Optional.of(ended(stream, "tool_use"));
  }

  @Override
  public Optional<List<String>> overloadedMidway() {
    List<String> stream = begun();
    stream.add(start(0, "{\"type\":\"text\",\"text\":\"\"}"));
    stream.add(delta(0, "text_delta", "text", "one "));
    stream.add(event("error", error(529, "Overloaded")));
    return Optional.of(stream);
  }

  @Override
  public String error(int status, String message) {
    String type =
        switch (status) {
          case 400 -> "invalid_request_error";
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 404 -> "not_found_error";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> "api_error";
        };
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("type", "error");
    error.putObject("error").put("type", type).put("message", message);
    return JsonTree.write(error.put("request_id", "req_42"));
  }

  @Override
  public boolean whole(String received) {
    return received.contains("{\"type\":\"message_stop\"}");
  }

  static List<String> begun() {
    return new ArrayList<>(
        List.of(
            event(
                "message_start",
                """
                {"type":"message_start","message":{"model":"model-1-20260101","id":"msg_1","type":"message",\
                "role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":100,\
                "cache_creation_input_tokens":3,"cache_read_input_tokens":20,"output_tokens":1}}}\
                """)));
  }

  static List<String> stopped(String reason) {
    List<String> stream = begun();
    stream.add(start(0, "{\"type\":\"text\",\"text\":\"x\"}"));
    stream.add(end(0));
    return ended(stream, reason);
  }

  static List<String> ended(List<String> stream, String reason) {
    stream.add(
        event(
            "message_delta",
            """
            {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"input_tokens":null,\
            "output_tokens":40}    }\
            """
                .formatted(reason)));
    stream.add(event("message_stop", "{\"type\":\"message_stop\"}"));
    return stream;
  }

  private static void call(List<String> stream, int index, String id, String name, String json) {
    stream.add(
        start(
            index,
            "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":{}}"
                .formatted(id, name)));
    stream.add(delta(index, "input_json_delta", "partial_json", ""));
    if (!json.equals("{}")) {
      int half = json.length() / 2;
      stream.add(delta(index, "input_json_delta", "partial_json", json.substring(0, half)));
      stream.add(delta(index, "input_json_delta", "partial_json", json.substring(half)));
    }
    stream.add(end(index));
  }

  private static String json(ToolCall call) {
    return JsonTree.write(JsonTree.object(((ToolCall.Valid) call.arguments()).values()));
  }

  static String start(int index, String block) {
    return event(
        "content_block_start",
        "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
            .formatted(index, block));
  }

  static String delta(int index, String type, String field, String value) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", "content_block_delta").put("index", index);
    event.putObject("delta").put("type", type).put(field, value);
    return event("content_block_delta", JsonTree.write(event));
  }

  static String end(int index) {
    return event(
        "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":%d   }".formatted(index));
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
