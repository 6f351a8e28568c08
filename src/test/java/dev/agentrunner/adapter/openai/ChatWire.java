package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replies as Chat Completions streams them. */
final class ChatWire extends OpenAiWires {

  private static final String THOUGHT_MARK = "\"reasoning_content\":\"Hmm, a.\"";

  @Override
  public List<String> text(String... deltas) {
    List<String> stream = begun();
    for (String delta : deltas) {
      stream.add(delta(NODES.objectNode().put("content", delta)));
    }
    return ended(stream, "stop");
  }

  @Override
  public List<String> calls(ToolCall... calls) {
    List<String> stream = begun();
    for (int i = 0; i < calls.length; i++) {
      call(stream, i, calls[i].id(), calls[i].name(), json(calls[i]));
    }
    return ended(stream, "tool_calls");
  }

  @Override
  public List<String> thinking(String thought, ToolCall call) {
    List<String> stream = begun();
    stream.add(delta(NODES.objectNode().put("reasoning_content", thought.substring(0, 2))));
    stream.add(delta(NODES.objectNode().put("reasoning_content", thought.substring(2))));
    call(stream, 0, call.id(), call.name(), json(call));
    return ended(stream, "tool_calls");
  }

  @Override
  public Optional<String> thinkingMark() {
    return Optional.of(THOUGHT_MARK);
  }

  @Override
  public Optional<List<String>> stopped(Stop reason) {
    return switch (reason) {
      case END -> Optional.of(stopped("stop"));
      case TOOLS -> Optional.of(calls(new ToolCall("a1", "f", new ToolCall.Valid(Map.of()))));
      case OUTPUT_LIMIT -> Optional.of(stopped("length"));
      case CONTEXT_FULL -> Optional.of(stopped("model_length"));
      case PAUSED -> Optional.empty();
      case REFUSED -> Optional.of(stopped("content_filter"));
      case OTHER -> Optional.of(stopped("moon_in_the_seventh_house"));
    };
  }

  @Override
  public Optional<List<String>> brokenCall(String id, String name, String raw) {
    List<String> stream = begun();
    call(stream, 0, id, name, raw);
    return Optional.of(ended(stream, "tool_calls"));
  }

  @Override
  public Optional<List<String>> overloadedMidway() {
    List<String> stream = begun();
    stream.add(delta(NODES.objectNode().put("content", "one ")));
    stream.add(
        data("{\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\",\"code\":502}}"));
    return Optional.of(stream);
  }

  @Override
  public boolean whole(String received) {
    return received.contains("\"finish_reason\":\"tool_calls\"}],\"usage\":null}")
        || received.contains("\"finish_reason\":\"stop\"}],\"usage\":null}");
  }

  static List<String> begun() {
    return new ArrayList<>(
        List.of(delta(object("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"))));
  }

  static List<String> stopped(String reason) {
    List<String> stream = begun();
    stream.add(delta(NODES.objectNode().put("content", "x")));
    return ended(stream, reason);
  }

  static List<String> ended(List<String> stream, String reason) {
    stream.add(chunk(NODES.objectNode(), reason));
    stream.add(
        data(
            """
            {"id":"c1","object":"chat.completion.chunk","created":1,"model":"model-1-2026","choices":[],\
            "usage":{"prompt_tokens":123,"completion_tokens":40,"total_tokens":163,\
            "prompt_tokens_details":{"cached_tokens":20,"cache_write_tokens":3},\
            "completion_tokens_details":{"reasoning_tokens":0}}}\
            """));
    stream.add(data("[DONE]"));
    return stream;
  }

  private static void call(List<String> stream, int index, String id, String name, String json) {
    ObjectNode begin = object("{\"tool_calls\":[{\"type\":\"function\",\"function\":{}}]}");
    ObjectNode first = (ObjectNode) begin.path("tool_calls").path(0);
    first.put("index", index).put("id", id);
    ((ObjectNode) first.path("function")).put("name", name).put("arguments", "");
    stream.add(delta(begin));
    int half = json.length() / 2;
    for (String piece : List.of(json.substring(0, half), json.substring(half))) {
      ObjectNode more = object("{\"tool_calls\":[{\"function\":{}}]}");
      ((ObjectNode) more.path("tool_calls").path(0)).put("index", index);
      ((ObjectNode) more.path("tool_calls").path(0).path("function")).put("arguments", piece);
      stream.add(delta(more));
    }
  }

  static String delta(ObjectNode delta) {
    return chunk(delta, null);
  }

  private static String chunk(ObjectNode delta, @org.jspecify.annotations.Nullable String reason) {
    ObjectNode chunk =
        object("{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"model-1-2026\"}");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", reason);
    return data(JsonTree.write(chunk.putNull("usage")));
  }

  static String data(String data) {
    return "data: " + data + "\n\n";
  }
}
