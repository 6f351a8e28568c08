package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Replies as generateContent streams them. */
final class GeminiWire implements ChatModelContract.Wire {

  static final String SIGNATURE = "EpIDCo8DAQw51sfWcg+FQA3vsjLx4xmQ";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public List<String> text(String... deltas) {
    List<String> stream = new ArrayList<>();
    for (String delta : deltas) {
      stream.add(said(text(delta)));
    }
    return ended(stream, "STOP");
  }

  @Override
  public Usage usage() {
    return new Usage(103, 20, 0, 40, 15, true);
  }

  @Override
  public List<String> calls(ToolCall... calls) {
    List<String> stream = new ArrayList<>();
    for (ToolCall call : calls) {
      stream.add(said(call(call)));
    }
    return ended(stream, "STOP");
  }

  @Override
  public List<String> thinking(String thought, ToolCall call) {
    List<String> stream = new ArrayList<>();
    stream.add(said(text(thought.substring(0, 2)).put("thought", true)));
    stream.add(said(text(thought.substring(2)).put("thought", true)));
    stream.add(said(call(call).put("thoughtSignature", SIGNATURE)));
    return ended(stream, "STOP");
  }

  @Override
  public Optional<String> thinkingMark() {
    return Optional.of(SIGNATURE);
  }

  @Override
  public Optional<List<String>> stopped(Stop reason) {
    return switch (reason) {
      case END -> Optional.of(stopped("STOP"));
      case TOOLS -> Optional.of(calls(new ToolCall("a1", "f", new ToolCall.Valid(Map.of()))));
      case OUTPUT_LIMIT -> Optional.of(stopped("MAX_TOKENS"));
      case REFUSED -> Optional.of(stopped("SAFETY"));
      case OTHER -> Optional.of(stopped("MOON_IN_THE_SEVENTH_HOUSE"));
      case CONTEXT_FULL, PAUSED -> Optional.empty();
    };
  }

  @Override
  public Optional<List<String>> brokenCall(String id, String name, String raw) {
    return Optional.empty();
  }

  @Override
  public Optional<List<String>> overloadedMidway() {
    return Optional.of(List.of(said(text("one ")), event(error(503, "The model is overloaded."))));
  }

  @Override
  public String error(int status, String message) {
    String word =
        switch (status) {
          case 400 -> "INVALID_ARGUMENT";
          case 401 -> "UNAUTHENTICATED";
          case 403 -> "PERMISSION_DENIED";
          case 404 -> "NOT_FOUND";
          case 429 -> "RESOURCE_EXHAUSTED";
          case 503 -> "UNAVAILABLE";
          default -> "INTERNAL";
        };
    ObjectNode error = NODES.objectNode();
    error.putObject("error").put("code", status).put("message", message).put("status", word);
    return error.toPrettyString();
  }

  @Override
  public boolean whole(String received) {
    return received.contains("\"responseId\":\"last\"}");
  }

  static List<String> stopped(String reason) {
    return ended(new ArrayList<>(List.of(said(text("x")))), reason);
  }

  static List<String> ended(List<String> stream, String reason) {
    stream.add(
        event(
            """
            {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"%s","index":0}],\
            "usageMetadata":{"promptTokenCount":120,"cachedContentTokenCount":20,"candidatesTokenCount":25,\
            "thoughtsTokenCount":15,"toolUsePromptTokenCount":3,"totalTokenCount":163},\
            "modelVersion":"model-1-001","responseId":"last"}\
            """
                .formatted(reason)));
    return stream;
  }

  static ObjectNode text(String text) {
    return NODES.objectNode().put("text", text);
  }

  static ObjectNode call(ToolCall call) {
    ObjectNode part = NODES.objectNode();
    part.putObject("functionCall")
        .put("name", call.name())
        .put("id", call.id())
        .set("args", JsonTree.object(((ToolCall.Valid) call.arguments()).values()));
    return part;
  }

  static String said(JsonNode... parts) {
    ObjectNode chunk = NODES.objectNode();
    ObjectNode candidate = chunk.putArray("candidates").addObject();
    candidate.putObject("content").put("role", "model").putArray("parts").addAll(List.of(parts));
    chunk.putObject("usageMetadata").put("promptTokenCount", 120).put("totalTokenCount", 120);
    return event(JsonTree.write(chunk.put("modelVersion", "model-1-001")));
  }

  static String event(String data) {
    return "data: " + data.replace("\n", "\r\ndata: ") + "\r\n\r\n";
  }
}
