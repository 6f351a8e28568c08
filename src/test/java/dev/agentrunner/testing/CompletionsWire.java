package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chat Completions, with thoughts beside the words as DeepSeek and llama.cpp have them. */
final class CompletionsWire extends JsonWire {

  @Override
  public boolean serves(String path) {
    return path.endsWith("/chat/completions");
  }

  @Override
  public boolean hasKey(Map<String, String> headers) {
    return bearer(headers);
  }

  @Override
  public List<Line> said(JsonNode body) {
    List<Line> said = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asText();
      if (!role.equals("system") && !role.equals("developer")) {
        said.add(new Line(role.equals("assistant"), words(message.path("content"))));
      }
    }
    return said;
  }

  @Override
  public Optional<String> fault(Map<String, String> headers, JsonNode body) {
    boolean limited = body.path("max_tokens").isInt() || body.path("max_completion_tokens").isInt();
    if (!body.path("model").isTextual() || !limited || !body.path("stream").asBoolean()) {
      return Optional.of("model, max_tokens, stream: missing");
    }
    Set<String> open = new HashSet<>();
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asText();
      if (role.equals("tool")) {
        if (!open.remove(message.path("tool_call_id").asText())) {
          return Optional.of("messages with role 'tool' must follow the call they answer");
        }
        continue;
      }
      if (!open.isEmpty()) {
        return Optional.of("tool_call_ids did not have response messages: " + open);
      }
      for (JsonNode call : message.path("tool_calls")) {
        String id = call.path("id").asText();
        open.add(id);
        if (!call.path("function").path("arguments").isTextual()) {
          return Optional.of("tool_calls.function.arguments: must be a string");
        }
        if (sealOf(id).isPresent() && message.path("reasoning_content").asText("").isEmpty()) {
          return Optional.of("Missing `reasoning_content` field in the assistant message");
        }
      }
    }
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of("tool_call_ids did not have response messages: " + open);
  }

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public List<String> stream(Reaction.Says reply, Asked asked, long number) {
    List<String> events = new ArrayList<>();
    events.add(": keep-alive\n\n");
    ObjectNode role = object().put("role", "assistant").put("content", "").putNull("refusal");
    events.add(chunk(asked, role, ""));
    int calls = 0;
    for (Reaction.Block block : reply.blocks()) {
      switch (block) {
        case Reaction.Block.Words(String text) ->
            pieces(text).forEach(p -> events.add(chunk(asked, object().put("content", p), "")));
        case Reaction.Block.Thought(String text) ->
            pieces(text)
                .forEach(p -> events.add(chunk(asked, object().put("reasoning_content", p), "")));
        case Reaction.Block.Tool tool -> {
          ObjectNode begun = object().put("index", calls).put("type", "function");
          begun.put("id", callId(reply, number, calls));
          begun.putObject("function").put("name", tool.name()).put("arguments", "");
          events.add(chunk(asked, fragment(begun), ""));
          for (String piece : pieces(written(input(tool)))) {
            ObjectNode more = object().put("index", calls);
            more.putObject("function").put("arguments", piece);
            events.add(chunk(asked, fragment(more), ""));
          }
          calls++;
        }
      }
    }
    String reason =
        switch (reply.end()) {
          case END, PAUSED -> "stop";
          case TOOLS -> "tool_calls";
          case OUTPUT_LIMIT -> "length";
          case CONTEXT_FULL -> "model_length";
          case REFUSED -> "content_filter";
          case OTHER -> "sundown";
        };
    events.add(chunk(asked, object(), reason));
    if (asked.body().path("stream_options").path("include_usage").asBoolean()) {
      events.add(usage(asked, count(reply, asked)));
    }
    events.add("data: [DONE]\n\n");
    return events;
  }

  private static ObjectNode fragment(ObjectNode call) {
    ObjectNode delta = object();
    delta.putArray("tool_calls").add(call);
    return delta;
  }

  private static ObjectNode chunk(Asked asked) {
    ObjectNode chunk = object().put("id", "chatcmpl-1").put("object", "chat.completion.chunk");
    return chunk.put("created", 1).put("model", model(asked)).put("obfuscation", "x7Qd");
  }

  private static String chunk(Asked asked, ObjectNode delta, String reason) {
    ObjectNode chunk = chunk(asked);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    if (reason.isEmpty()) {
      choice.putNull("finish_reason");
    } else {
      choice.put("finish_reason", reason);
    }
    return "data: " + written(chunk.putNull("usage")) + "\n\n";
  }

  private static String usage(Asked asked, Reaction.Count count) {
    ObjectNode chunk = chunk(asked);
    chunk.putArray("choices");
    ObjectNode usage = chunk.putObject("usage");
    usage.put("prompt_tokens", count.prompt()).put("completion_tokens", count.output());
    usage.putObject("prompt_tokens_details").put("cached_tokens", count.cached());
    usage.putObject("completion_tokens_details").put("reasoning_tokens", count.thinking());
    return "data: " + written(chunk) + "\n\n";
  }

  @Override
  public String midway(Trouble trouble, String message) {
    return "data: " + written(OpenAiErrors.error(trouble, message)) + "\n\n";
  }

  @Override
  public Refusal refusal(Reaction.Refuses refuses, long number) {
    return OpenAiErrors.refusal(refuses, number);
  }
}
