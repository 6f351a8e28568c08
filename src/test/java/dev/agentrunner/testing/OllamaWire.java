package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ollama's own /api/chat and /api/show. A model whose name begins with {@code plain} has no tools,
 * and refuses to be offered any.
 */
final class OllamaWire extends JsonWire {

  private static final int CONTEXT_TOKENS = 8192;

  @Override
  public boolean serves(String path) {
    return path.equals("/api/chat") || path.equals("/api/show");
  }

  private static boolean plain(JsonNode body) {
    return body.path("model").asText().startsWith("plain");
  }

  @Override
  public Optional<String> aside(String path, JsonNode body) {
    if (path.equals("/api/chat") || body.path("model").asText().equals(FakeProvider.NO_MODEL)) {
      return Optional.empty();
    }
    ObjectNode card = object();
    card.putObject("model_info")
        .put("general.architecture", "fake")
        .put("fake.context_length", CONTEXT_TOKENS);
    card.putArray("capabilities").add("completion");
    if (!plain(body)) {
      card.withArray("capabilities").add("tools").add("thinking");
    }
    return Optional.of(written(card));
  }

  @Override
  public boolean hasKey(Map<String, String> headers) {
    return true;
  }

  @Override
  public List<Line> said(JsonNode body) {
    List<Line> said = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asText();
      if (!role.equals("system")) {
        said.add(new Line(role.equals("assistant"), message.path("content").asText()));
      }
    }
    return said;
  }

  @Override
  public Optional<String> fault(Map<String, String> headers, JsonNode body) {
    if (!body.path("model").isTextual() || !body.path("options").path("num_ctx").isInt()) {
      return Optional.of("model is required, and so is num_ctx here");
    }
    if (plain(body) && body.has("tools")) {
      return Optional.of(body.path("model").asText() + " does not support tools");
    }
    List<String> open = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      if (!message.path("content").isTextual()) {
        return Optional.of("json: cannot unmarshal into Go struct field content of type string");
      }
      if (message.path("role").asText().equals("tool")) {
        if (open.isEmpty() || !open.removeFirst().equals(message.path("tool_name").asText())) {
          return Optional.of("a result without its call: " + message);
        }
        continue;
      }
      if (!open.isEmpty()) {
        return Optional.of("calls without results: " + open);
      }
      for (JsonNode call : message.path("tool_calls")) {
        open.add(call.path("function").path("name").asText());
        if (!call.path("function").path("arguments").isObject()) {
          return Optional.of("json: cannot unmarshal arguments into Go value of type map");
        }
        boolean thought = sealOf(call.path("id").asText("")).isPresent();
        if (thought && message.path("thinking").asText("").isEmpty()) {
          return Optional.of("thinking is missing");
        }
      }
    }
    return open.isEmpty() ? Optional.empty() : Optional.of("calls without results: " + open);
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public List<String> stream(Reaction.Says reply, Asked asked, long number) {
    List<String> lines = new ArrayList<>();
    int calls = 0;
    for (Reaction.Block block : reply.blocks()) {
      switch (block) {
        case Reaction.Block.Words(String text) ->
            pieces(text).forEach(p -> lines.add(line(asked, message().put("content", p))));
        case Reaction.Block.Thought(String text) ->
            pieces(text).forEach(p -> lines.add(line(asked, message().put("thinking", p))));
        case Reaction.Block.Tool tool -> {
          ObjectNode message = message();
          ObjectNode call = message.putArray("tool_calls").addObject();
          call.put("id", callId(reply, number, calls));
          call.putObject("function")
              .put("index", calls)
              .put("name", tool.name())
              .set("arguments", input(tool));
          lines.add(line(asked, message));
          calls++;
        }
      }
    }
    Reaction.Count count = count(reply, asked);
    boolean full = reply.end() == dev.agentrunner.core.chat.Stop.CONTEXT_FULL;
    String reason =
        switch (reply.end()) {
          case END, TOOLS, PAUSED, REFUSED -> "stop";
          case OUTPUT_LIMIT, CONTEXT_FULL -> "length";
          case OTHER -> "sundown";
        };
    ObjectNode end = begun(asked).put("done", true).put("done_reason", reason);
    end.set("message", message());
    end.put("prompt_eval_count", full ? CONTEXT_TOKENS : count.prompt());
    lines.add(written(end.put("eval_count", count.output())) + "\n");
    return lines;
  }

  private static ObjectNode message() {
    return object().put("role", "assistant").put("content", "");
  }

  private static ObjectNode begun(Asked asked) {
    return object().put("model", model(asked)).put("created_at", "2026-11-21T10:00:00.306024Z");
  }

  private static String line(Asked asked, ObjectNode message) {
    ObjectNode line = begun(asked).put("done", false);
    line.set("message", message);
    return written(line) + "\n";
  }

  @Override
  public String midway(Trouble trouble, String message) {
    return written(object().put("error", message)) + "\n";
  }

  @Override
  public Refusal refusal(Reaction.Refuses refuses, long number) {
    String message =
        switch (refuses.trouble()) {
          case QUOTA -> "you have reached your hourly usage limit";
          case TOO_LONG -> "prompt too long; exceeded max context length by 9 tokens";
          case NO_MODEL -> "model 'm' not found";
          case KEY -> "unauthorized";
          default -> refuses.message();
        };
    Map<String, String> headers =
        switch (refuses.trouble()) {
          case QUOTA_UNTIL -> Map.of("retry-after", "86400");
          case RATE ->
              refuses.delay().map(w -> Map.of("retry-after", Wire.seconds(w))).orElse(Map.of());
          default -> Map.of();
        };
    String body = written(object().put("error", message));
    return new Refusal(status(refuses.trouble()), headers, body);
  }
}
