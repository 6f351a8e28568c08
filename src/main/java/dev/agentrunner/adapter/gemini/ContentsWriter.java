package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Turns;
import dev.agentrunner.core.chat.ChatRequest;
import dev.agentrunner.core.chat.Echo;
import dev.agentrunner.core.chat.Message;
import dev.agentrunner.core.chat.Part;
import dev.agentrunner.core.chat.Reply;
import dev.agentrunner.core.chat.ToolCall;
import dev.agentrunner.core.chat.ToolResult;
import dev.agentrunner.core.chat.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a question as generateContent wants it. The same conversation gives the same bytes but for
 * what was added, so that the provider's own caching of prompts holds.
 *
 * <pre>
 * {"systemInstruction": {"parts": [{"text": …}]},
 *  "tools": [{"functionDeclarations": [{"name": …, "description": …, "parametersJsonSchema": …}]}],
 *  "contents": [{"role": "user", "parts": [{"text": …}]},
 *               {"role": "model", "parts": [{"functionCall": {"id"?: …, "name": …, "args": …},
 *                                            "thoughtSignature"?: …}]},
 *               {"role": "user", "parts": [{"functionResponse": {"id"?: …, "name": …,
 *                                           "response": {"output": …} or {"error": …}}}]}],
 *  "generationConfig": {"maxOutputTokens": …, "temperature"?: …, "thinkingConfig"?: …}}
 * </pre>
 */
final class ContentsWriter {

  /** The wire of an {@link Echo}; its JSON is the array of parts. */
  static final String WIRE = "gemini";

  /**
   * Stands for a signature that there is none of, as the model did not make the call itself; taken
   * by Gemini 3 and later, which refuse a call without any (ai.google.dev, "Thought signatures",
   * read 2026-10).
   */
  private static final String NO_SIGNATURE = "skip_thought_signature_validator";

  private static final Pattern GENERATION = Pattern.compile("gemini-(\\d{1,4})\\b.*");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final GeminiSettings settings;

  ContentsWriter(GeminiSettings settings) {
    this.settings = settings;
  }

  ObjectNode body(ChatRequest request) {
    ObjectNode body = NODES.objectNode();
    if (!request.system().isBlank()) {
      body.putObject("systemInstruction").putArray("parts").add(text(request.system()));
    }
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools").addObject().putArray("functionDeclarations");
      request.tools().forEach(tool -> tools.add(tool(tool)));
    }
    body.set("contents", new Contents(request.model()).of(request.messages()));
    ObjectNode generation = body.putObject("generationConfig");
    generation.put("maxOutputTokens", request.outputTokensMax());
    settings.temperature().ifPresent(temperature -> generation.put("temperature", temperature));
    ObjectNode thinking = thinking(request.model());
    if (!thinking.isEmpty()) {
      generation.set("thinkingConfig", thinking);
    }
    return body;
  }

  private ObjectNode thinking(String model) {
    ObjectNode thinking = NODES.objectNode();
    return switch (settings.thinking()) {
      // Older models may not think, and then refuse to be asked for thoughts.
      case GeminiSettings.Thinking.Unset _ ->
          alwaysThinks(model) ? thinking.put("includeThoughts", true) : thinking;
      case GeminiSettings.Thinking.Off _ -> thinking.put("thinkingBudget", 0);
      case GeminiSettings.Thinking.Dynamic _ ->
          thinking.put("thinkingBudget", -1).put("includeThoughts", true);
      case GeminiSettings.Thinking.Level(String level) ->
          thinking.put("thinkingLevel", level).put("includeThoughts", true);
      case GeminiSettings.Thinking.Budget(int tokens) ->
          thinking.put("thinkingBudget", tokens).put("includeThoughts", true);
    };
  }

  /** Whether it is Gemini 3 or later, which always thinks and wants its signatures back. */
  private static boolean alwaysThinks(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    Matcher generation = GENERATION.matcher(name);
    return generation.matches()
        ? Integer.parseInt(generation.group(1)) >= 3
        // Such as gemini-flash-latest.
        : name.startsWith("gemini-") && name.endsWith("-latest");
  }

  private static ObjectNode tool(ToolSpec tool) {
    ObjectNode node = NODES.objectNode();
    node.put("name", tool.name());
    node.put("description", tool.description());
    // The field "parameters" takes a subset of OpenAPI only, and refuses what it does not know.
    node.set("parametersJsonSchema", JsonTree.object(tool.parameters()));
    return node;
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("text", text);
  }

  /** A conversation as it is written down: each turn with calls is followed by as many results. */
  private static final class Contents {
    private final String model;
    private final ArrayNode contents = NODES.arrayNode();

    /** As they stand in the turn that was sent last; empty strings where there are none. */
    private List<String> sentIds = List.of();

    Contents(String model) {
      this.model = model;
    }

    ArrayNode of(List<Message> messages) {
      for (Message message : Turns.answered(messages)) {
        switch (message) {
          case Message.User(String text) -> words().add(text(text));
          case Message.Results(List<ToolResult> results) -> add(results);
          case Message.Assistant(Reply reply) -> add(reply);
        }
      }
      return contents;
    }

    /** Never together with results: words begin a new exchange in the provider's eyes. */
    private ArrayNode words() {
      JsonNode last = contents.path(contents.size() - 1);
      boolean open =
          last.path("role").asText("").equals("user")
              && !last.path("parts").path(0).has("functionResponse");
      return open ? (ArrayNode) last.path("parts") : turn("user");
    }

    private ArrayNode turn(String role) {
      return contents.addObject().put("role", role).putArray("parts");
    }

    private void add(Reply reply) {
      ArrayNode said = said(reply);
      // Nothing said cannot be sent back; the turns around it then join.
      if (said.isEmpty()) {
        return;
      }
      turn("model").addAll(said);
      List<String> ids = new ArrayList<>();
      for (JsonNode part : said) {
        if (CandidateReply.isCall(part)) {
          ids.add(part.path("functionCall").path("id").asText(""));
        }
      }
      sentIds = ids;
    }

    private void add(List<ToolResult> results) {
      if (sentIds.isEmpty()) {
        return;
      }
      ArrayNode parts = turn("user");
      for (int i = 0; i < Math.min(results.size(), sentIds.size()); i++) {
        parts.add(result(results.get(i), sentIds.get(i)));
      }
      sentIds = List.of();
    }

    private static ObjectNode result(ToolResult result, String sentId) {
      ObjectNode node = NODES.objectNode();
      ObjectNode response = node.putObject("functionResponse");
      if (!sentId.isEmpty()) {
        response.put("id", sentId);
      }
      response.put("name", result.name());
      response.putObject("response").put(result.failed() ? "error" : "output", result.text());
      return node;
    }

    private ArrayNode said(Reply reply) {
      ArrayNode parts =
          Turns.echo(reply, WIRE, model, ArrayNode.class).orElseGet(() -> rebuilt(reply));
      if (alwaysThinks(model)) {
        sign(parts);
      }
      return parts;
    }

    private static ArrayNode rebuilt(Reply reply) {
      ArrayNode parts = NODES.arrayNode();
      for (Part part : reply.parts()) {
        switch (part) {
          case Part.Text(String text) -> parts.add(text(text));
          case Part.Thinking _, Part.Deed _ -> {}
          case Part.Call(ToolCall call) -> parts.addObject().set("functionCall", call(call));
        }
      }
      return parts;
    }

    private static ObjectNode call(ToolCall call) {
      ObjectNode node = NODES.objectNode();
      node.put("id", call.id());
      node.put("name", call.name());
      node.set(
          "args",
          switch (call.arguments()) {
            case ToolCall.Valid(var values) -> JsonTree.object(values);
            // Only an object may stand here; the result of the call says what was wrong with it.
            case ToolCall.Broken _ -> NODES.objectNode();
          });
      return node;
    }

    /** Of several calls in one turn only the first is signed. */
    private static void sign(ArrayNode parts) {
      for (JsonNode part : parts) {
        if (CandidateReply.isCall(part)) {
          if (!part.hasNonNull("thoughtSignature")) {
            ((ObjectNode) part).put("thoughtSignature", NO_SIGNATURE);
          }
          return;
        }
      }
    }
  }
}
