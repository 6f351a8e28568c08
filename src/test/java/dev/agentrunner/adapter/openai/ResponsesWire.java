package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replies as the Responses API streams them. */
final class ResponsesWire extends OpenAiWires {

  static final String ENCRYPTED = "gAAAAABqcNsHgfG43UQFc8_jf1OhGH2Z";

  @Override
  public List<String> text(String... deltas) {
    List<String> stream = begun();
    message(stream, 0, deltas);
    return ended(stream, "completed", "null");
  }

  @Override
  public List<String> calls(ToolCall... calls) {
    List<String> stream = begun();
    for (int i = 0; i < calls.length; i++) {
      call(stream, i, calls[i].id(), calls[i].name(), json(calls[i]));
    }
    return ended(stream, "completed", "null");
  }

  @Override
  public List<String> thinking(String thought, ToolCall call) {
    List<String> stream = begun();
    ObjectNode item = object("{\"id\":\"rs_1\",\"type\":\"reasoning\"}");
    item.put("encrypted_content", "gAAAAABpart");
    item.putArray("summary");
    stream.add(item("response.output_item.added", 0, item.deepCopy()));
    stream.add(delta("response.reasoning_summary_text.delta", 0, thought.substring(0, 2)));
    stream.add(delta("response.reasoning_summary_text.delta", 0, thought.substring(2)));
    item.put("encrypted_content", ENCRYPTED);
    item.putArray("summary").addObject().put("type", "summary_text").put("text", thought);
    stream.add(item("response.output_item.done", 0, item));
    call(stream, 1, call.id(), call.name(), json(call));
    return ended(stream, "completed", "null");
  }

  @Override
  public Optional<String> thinkingMark() {
    return Optional.of(ENCRYPTED);
  }

  @Override
  public Optional<List<String>> stopped(Stop reason) {
    return switch (reason) {
      case END -> Optional.of(text("x"));
      case TOOLS -> Optional.of(calls(new ToolCall("a1", "f", new ToolCall.Valid(Map.of()))));
      case OUTPUT_LIMIT -> Optional.of(incomplete("max_output_tokens"));
      case REFUSED -> Optional.of(incomplete("content_filter"));
      case OTHER -> Optional.of(incomplete("moon_in_the_seventh_house"));
      case CONTEXT_FULL, PAUSED -> Optional.empty();
    };
  }

  static List<String> incomplete(String reason) {
    List<String> stream = begun();
    message(stream, 0, "x");
    return ended(stream, "incomplete", "{\"reason\":\"" + reason + "\"}");
  }

  @Override
  public Optional<List<String>> brokenCall(String id, String name, String raw) {
    List<String> stream = begun();
    call(stream, 0, id, name, raw);
    return Optional.of(ended(stream, "completed", "null"));
  }

  @Override
  public Optional<List<String>> overloadedMidway() {
    List<String> stream = begun();
    stream.add(delta("response.output_text.delta", 0, "one "));
    stream.add(
        event(
            "response.failed",
            """
            {"type":"response.failed","response":{"status":"failed","output":[],\
            "error":{"code":"server_error","message":"Overloaded"}}}\
            """));
    return Optional.of(stream);
  }

  @Override
  public boolean whole(String received) {
    return received.contains("\"total_tokens\":163}}}");
  }

  static List<String> begun() {
    return new ArrayList<>(
        List.of(
            event(
                "response.created",
                """
                {"type":"response.created","sequence_number":0,"response":{"id":"resp_1",\
                "status":"in_progress","error":null,"model":"model-1-2026","output":[],"usage":null}}\
                """)));
  }

  static List<String> ended(List<String> stream, String status, String details) {
    stream.add(
        event(
            "response." + status,
            """
            {"type":"response.%s","response":{"id":"resp_1","status":"%s","error":null,\
            "incomplete_details":%s,"model":"model-1-2026","output":[],"usage":{"input_tokens":123,\
            "input_tokens_details":{"cached_tokens":20,"cache_write_tokens":3},"output_tokens":40,\
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":163}}}\
            """
                .formatted(status, status, details)));
    return stream;
  }

  static void message(List<String> stream, int index, String... deltas) {
    ObjectNode item = object("{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\"}");
    item.putArray("content");
    stream.add(item("response.output_item.added", index, item.deepCopy()));
    for (String delta : deltas) {
      stream.add(delta("response.output_text.delta", index, delta));
    }
    item.putArray("content")
        .addObject()
        .put("type", "output_text")
        .put("text", String.join("", deltas));
    stream.add(item("response.output_item.done", index, item));
  }

  static void call(List<String> stream, int index, String id, String name, String json) {
    ObjectNode item = object("{\"id\":\"fc_1\",\"type\":\"function_call\"}");
    item.put("call_id", id).put("name", name).put("arguments", "");
    stream.add(item("response.output_item.added", index, item.deepCopy()));
    int half = json.length() / 2;
    stream.add(delta("response.function_call_arguments.delta", index, json.substring(0, half)));
    stream.add(delta("response.function_call_arguments.delta", index, json.substring(half)));
    stream.add(item("response.output_item.done", index, item.put("arguments", json)));
  }

  static String item(String type, int index, ObjectNode item) {
    ObjectNode event = NODES.objectNode().put("type", type).put("output_index", index);
    event.set("item", item);
    return event(type, JsonTree.write(event));
  }

  static String delta(String type, int index, String delta) {
    ObjectNode event = NODES.objectNode().put("type", type).put("item_id", "i");
    event.put("output_index", index).put("delta", delta);
    return event(type, JsonTree.write(event));
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
