package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.CallIds;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Liveness;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.Stop;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A reply as its chunks add up to it. What this version does not know, be it a part or a field of
 * one, is kept for the echo.
 */
final class CandidateReply {

  private static final Set<String> PLAIN_CALL = Set.of("id", "name", "args");

  private final String modelAsked;
  private final CallIds ids;
  private final Liveness watcher;
  private final TokenCount usage = new TokenCount();
  private final ArrayNode raw = JsonNodeFactory.instance.arrayNode();
  private String model;
  private String finishReason = "";
  private String finishMessage = "";
  private String blockReason = "";
  private String categories = "";

  CandidateReply(ChatRequest request, Liveness watcher) {
    this.modelAsked = request.model();
    this.model = modelAsked;
    this.ids = new CallIds(request);
    this.watcher = watcher;
  }

  static boolean isCall(JsonNode part) {
    return !part.path("functionCall").path("name").asText("").isEmpty();
  }

  /** Takes in one chunk; what is none adds nothing. */
  void take(JsonNode chunk) {
    JsonNode candidate = chunk.path("candidates").path(0);
    JsonNode feedback = chunk.path("promptFeedback");
    JsonNode counts = chunk.path("usageMetadata");
    if (!chunk.has("candidates") && !feedback.isObject() && !counts.isObject()) {
      return;
    }
    watcher.content();
    model = word(chunk, "modelVersion", model);
    usage.report(counts);
    candidate.path("content").path("parts").forEach(this::add);
    finishReason = word(candidate, "finishReason", finishReason);
    finishMessage = word(candidate, "finishMessage", finishMessage);
    blockReason = word(feedback, "blockReason", blockReason);
    finishMessage = word(feedback, "blockReasonMessage", finishMessage);
    JsonNode ratings =
        candidate.has("safetyRatings")
            ? candidate.path("safetyRatings")
            : feedback.path("safetyRatings");
    if (ratings.isArray()) {
      categories = blocked(ratings);
    }
  }

  private static String word(JsonNode node, String name, String before) {
    String word = node.path(name).asText("");
    return word.isEmpty() ? before : word;
  }

  private static String blocked(JsonNode ratings) {
    return StreamSupport.stream(ratings.spliterator(), false)
        .filter(rating -> rating.path("blocked").asBoolean())
        .map(rating -> rating.path("category").asText(""))
        .filter(category -> !category.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private void add(JsonNode part) {
    // A call without a name can neither be answered nor sent back.
    if (!(part instanceof ObjectNode object) || (part.has("functionCall") && !isCall(part))) {
      return;
    }
    show(object);
    if (isPlainText(object)) {
      if (object.path("text").asText("").isEmpty()) {
        return;
      }
      if (continues(object)) {
        ObjectNode last = (ObjectNode) raw.get(raw.size() - 1);
        last.put("text", last.path("text").asText("") + object.path("text").asText(""));
        return;
      }
    }
    raw.add(object);
  }

  private void show(ObjectNode part) {
    String text = part.path("text").asText("");
    if (isCall(part)) {
      watcher.call(part.path("functionCall").path("name").asText(""));
    } else if (!text.isEmpty()) {
      if (isThought(part)) {
        watcher.thinking(text);
      } else {
        watcher.text(text);
      }
    }
  }

  private static boolean isThought(JsonNode part) {
    return part.path("thought").asBoolean();
  }

  /**
   * Whether it is text and nothing else; such parts may be joined, others must stay as they are.
   */
  private static boolean isPlainText(JsonNode part) {
    return part.path("text").isTextual() && part.size() == (part.has("thought") ? 2 : 1);
  }

  private boolean continues(ObjectNode part) {
    JsonNode last = raw.path(raw.size() - 1);
    return isPlainText(last) && isThought(last) == isThought(part);
  }

  /** Whether the provider has said that, and why, the reply ends. */
  boolean ended() {
    return !finishReason.isEmpty() || refusedUnread();
  }

  /** Whether the prompt was blocked, so that no reply was begun. */
  private boolean refusedUnread() {
    return !blockReason.isEmpty() && finishReason.isEmpty();
  }

  /**
   * Whether the model has garbled a call, which the provider does not hand out; another try often
   * goes well.
   */
  boolean garbled() {
    return switch (finishReason) {
      case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL" -> true;
      default -> false;
    };
  }

  /** The provider's reason for the end, with what it says about it. */
  String reason() {
    String reason = refusedUnread() ? "prompt blocked: " + blockReason : finishReason;
    if (!categories.isEmpty()) {
      reason += " (" + categories + ")";
    }
    return finishMessage.isEmpty() ? reason : reason + ": " + finishMessage;
  }

  Usage counted() {
    return usage.soFar(ended());
  }

  Reply whole() {
    List<Part> parts = new ArrayList<>();
    boolean calls = false;
    for (JsonNode part : raw) {
      if (isCall(part)) {
        parts.add(new Part.Call(call(part.path("functionCall"))));
        calls = true;
      } else {
        say(parts, part);
      }
    }
    Stop stop = stop(calls);
    boolean told = stop == Stop.REFUSED || stop == Stop.OTHER;
    return new Reply(
        model,
        parts,
        stop,
        told ? reason() : "",
        counted(),
        partsDo()
            ? Optional.empty()
            : Optional.of(new Echo(ContentsWriter.WIRE, modelAsked, JsonTree.write(raw))));
  }

  private static void say(List<Part> parts, JsonNode part) {
    String text = part.path("text").asText("");
    if (text.isEmpty()) {
      return;
    }
    boolean thought = isThought(part);
    Part last = parts.isEmpty() ? null : parts.getLast();
    if (thought && last instanceof Part.Thinking(String before)) {
      parts.set(parts.size() - 1, new Part.Thinking(before + text));
    } else if (!thought && last instanceof Part.Text(String before)) {
      parts.set(parts.size() - 1, new Part.Text(before + text));
    } else {
      parts.add(thought ? new Part.Thinking(text) : new Part.Text(text));
    }
  }

  private ToolCall call(JsonNode call) {
    JsonNode args = call.path("args");
    ToolCall.Arguments arguments =
        switch (args) {
          case ObjectNode object -> new ToolCall.Valid(JsonTree.values(object));
          case JsonNode none when none.isMissingNode() || none.isNull() ->
              new ToolCall.Valid(Map.of());
          default -> new ToolCall.Broken(JsonTree.write(args), "not a JSON object");
        };
    return new ToolCall(
        ids.next(call.path("id").asText("")), call.path("name").asText(""), arguments);
  }

  private boolean partsDo() {
    for (JsonNode part : raw) {
      boolean plain =
          isCall(part)
              ? part.size() == 1 && onlyKnown(part.path("functionCall"))
              : isPlainText(part) && !isThought(part);
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  private static boolean onlyKnown(JsonNode call) {
    boolean only = true;
    for (var field : call.properties()) {
      only &= PLAIN_CALL.contains(field.getKey());
    }
    return only && call.has("id");
  }

  private Stop stop(boolean calls) {
    if (refusedUnread()) {
      return Stop.REFUSED;
    }
    return switch (finishReason) {
      case "STOP" -> calls ? Stop.TOOLS : Stop.END;
      case "MAX_TOKENS" -> Stop.OUTPUT_LIMIT;
      case "SAFETY",
          "RECITATION",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "MODEL_ARMOR",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION" ->
          Stop.REFUSED;
      default -> Stop.OTHER;
    };
  }
}
