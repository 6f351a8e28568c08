package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.testing.ChatModelContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replies as /api/chat streams them. */
final class OllamaWire implements ChatModelContract.Wire {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public List<String> text(String... deltas) {
    List<String> stream = new ArrayList<>();
    for (String delta : deltas) {
      stream.add(said("content", delta));
    }
    return ended(stream, "stop", 100);
  }

  @Override
  public Usage usage() {
    return new Usage(100, 0, 0, 40, 0, true);
  }

  @Override
  public List<String> calls(ToolCall... calls) {
    List<String> stream = new ArrayList<>();
    for (ToolCall call : calls) {
      stream.add(called(call));
    }
    return ended(stream, "stop", 100);
  }

  @Override
  public List<String> thinking(String thought, ToolCall call) {
    List<String> stream = new ArrayList<>();
    stream.add(said("thinking", thought.substring(0, 2)));
    stream.add(said("thinking", thought.substring(2)));
    stream.add(called(call));
    return ended(stream, "stop", 100);
  }

  @Override
  public Optional<String> thinkingMark() {
    return Optional.of("Hmm, a.");
  }

  @Override
  public Optional<List<String>> stopped(Stop reason) {
    List<String> stream = new ArrayList<>(List.of(said("content", "x")));
    return switch (reason) {
      case END -> Optional.of(ended(stream, "stop", 100));
      case TOOLS -> Optional.of(calls(new ToolCall("a1", "f", new ToolCall.Valid(Map.of()))));
      case OUTPUT_LIMIT -> Optional.of(ended(stream, "length", 100));
      case CONTEXT_FULL -> Optional.of(ended(stream, "length", 65_496));
      case OTHER -> Optional.of(ended(stream, "moonrise", 100));
      case REFUSED, PAUSED -> Optional.empty();
    };
  }

  @Override
  public Optional<List<String>> brokenCall(String id, String name, String raw) {
    ObjectNode call = NODES.objectNode().put("id", id);
    call.putObject("function").put("name", name).put("arguments", raw);
    return Optional.of(ended(new ArrayList<>(List.of(called(call))), "stop", 100));
  }

  @Override
  public Optional<List<String>> overloadedMidway() {
    return Optional.of(
        List.of(said("content", "one "), "{\"error\":\"llama runner process has terminated\"}\n"));
  }

  @Override
  public String error(int status, String message) {
    return JsonTree.write(NODES.objectNode().put("error", message));
  }

  @Override
  public boolean whole(String received) {
    return received.contains("\"eval_count\":40}");
  }

  static String said(String field, String delta) {
    ObjectNode line = line();
    line.putObject("message").put("role", "assistant").put("content", "").put(field, delta);
    return JsonTree.write(line.put("done", false)) + "\n";
  }

  static List<String> ended(List<String> stream, String reason, long promptTokens) {
    ObjectNode line = line();
    line.putObject("message").put("role", "assistant").put("content", "");
    line.put("done", true).put("done_reason", reason).put("prompt_eval_count", promptTokens);
    stream.add(JsonTree.write(line.put("eval_count", 40)) + "\n");
    return stream;
  }

  private static String called(ToolCall call) {
    ObjectNode node = NODES.objectNode().put("id", call.id());
    node.putObject("function")
        .put("index", 0)
        .put("name", call.name())
        .set("arguments", JsonTree.object(((ToolCall.Valid) call.arguments()).values()));
    return called(node);
  }

  static String called(ObjectNode call) {
    ObjectNode line = line();
    ObjectNode message = line.putObject("message").put("role", "assistant").put("content", "");
    message.putArray("tool_calls").add(call);
    return JsonTree.write(line.put("done", false)) + "\n";
  }

  private static ObjectNode line() {
    return NODES
        .objectNode()
        .put("model", "model-1:latest")
        .put("created_at", "2026-11-21T10:00:00.306024Z");
  }
}
