package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Gemini API's streamGenerateContent, as models from Gemini 3 on speak it. */
final class GeminiWire extends JsonWire {

  @Override
  public boolean serves(String path) {
    return path.matches("/v1(beta)?/models/[^/]+:streamGenerateContent");
  }

  @Override
  public boolean hasKey(Map<String, String> headers) {
    return headers.containsKey("x-goog-api-key") || bearer(headers);
  }

  @Override
  public List<Line> said(JsonNode body) {
    List<Line> said = new ArrayList<>();
    for (JsonNode content : body.path("contents")) {
      StringBuilder words = new StringBuilder();
      for (JsonNode part : content.path("parts")) {
        JsonNode response = part.path("functionResponse").path("response");
        words.append(part.path("text").asText(""));
        words.append(response.path("output").asText("")).append(response.path("error").asText(""));
      }
      said.add(new Line(content.path("role").asText().equals("model"), words.toString()));
    }
    return said;
  }

  @Override
  public Optional<String> fault(Map<String, String> headers, JsonNode body) {
    if (!body.path("contents").path(0).path("role").asText().equals("user")) {
      return Optional.of("contents: the first turn must be the user's");
    }
    List<String> called = List.of();
    for (JsonNode content : body.path("contents")) {
      List<String> calls = new ArrayList<>();
      List<String> answered = new ArrayList<>();
      for (JsonNode part : content.path("parts")) {
        if (part.has("functionResponse")) {
          answered.add(part.path("functionResponse").path("name").asText());
          if (!part.path("functionResponse").path("response").isObject()) {
            return Optional.of("function_response.response: must be an object");
          }
        } else if (part.has("functionCall")) {
          String id = part.path("functionCall").path("id").asText("");
          String seal = part.path("thoughtSignature").asText("");
          if (calls.isEmpty() && sealOf(id).filter(wanted -> !wanted.equals(seal)).isPresent()) {
            return Optional.of(
                "Function call is missing a thought_signature in functionCall parts.");
          }
          calls.add(part.path("functionCall").path("name").asText());
        } else if (!part.path("text").isTextual()) {
          return Optional.of("contents.parts: must have one initialized field");
        }
      }
      if (!answered.equals(called)) {
        return Optional.of(
            "Please ensure that the number of function response parts is equal to the number of function call parts: %s, %s"
                .formatted(called, answered));
      }
      called = calls;
    }
    return Optional.empty();
  }

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public List<String> stream(Reaction.Says reply, Asked asked, long number) {
    List<String> events = new ArrayList<>();
    ArrayNode calls = array();
    Reaction.Count count = count(reply, asked);
    for (Reaction.Block block : reply.blocks()) {
      switch (block) {
        case Reaction.Block.Words(String text) ->
            pieces(text)
                .forEach(p -> events.add(chunk(array().add(object().put("text", p)), count, "")));
        case Reaction.Block.Thought(String text) ->
            pieces(text)
                .forEach(p ->
                    events.add(
                        chunk(
                            array().add(object().put("text", p).put("thought", true)), count, "")));
        case Reaction.Block.Tool tool -> {
          ObjectNode part = object();
          part.putObject("functionCall")
              .put("id", callId(reply, number, calls.size()))
              .put("name", tool.name())
              .set("args", input(tool));
          calls.add(calls.isEmpty() ? part.put("thoughtSignature", seal(number)) : part);
        }
      }
    }
    // All calls come in one piece, and only the first of them is signed.
    if (!calls.isEmpty()) {
      events.add(chunk(calls, count, ""));
    }
    String reason =
        switch (reply.end()) {
          case END, TOOLS, PAUSED -> "STOP";
          case OUTPUT_LIMIT, CONTEXT_FULL -> "MAX_TOKENS";
          case REFUSED -> "SAFETY";
          case OTHER -> "SUNDOWN";
        };
    events.add(chunk(array().add(object().put("text", "")), count, reason));
    return events;
  }

  private static String chunk(ArrayNode parts, Reaction.Count count, String reason) {
    ObjectNode chunk = object();
    ObjectNode candidate = chunk.putArray("candidates").addObject().put("index", 0);
    candidate.putObject("content").put("role", "model").set("parts", parts);
    ObjectNode usage = chunk.putObject("usageMetadata").put("promptTokenCount", count.prompt());
    if (!reason.isEmpty()) {
      candidate.put("finishReason", reason);
      usage.put("cachedContentTokenCount", count.cached());
      usage.put("candidatesTokenCount", count.output() - count.thinking());
      usage.put("thoughtsTokenCount", count.thinking());
    }
    return data(chunk.put("modelVersion", "a-gemini-001"));
  }

  private static String data(ObjectNode json) {
    return "data: " + written(json) + "\r\n\r\n";
  }

  private static ObjectNode error(Trouble trouble, String message) {
    String status =
        switch (trouble) {
          case RATE, QUOTA, QUOTA_UNTIL, UNPAID -> "RESOURCE_EXHAUSTED";
          case KEY, TOO_LONG, STRANGE -> "INVALID_ARGUMENT";
          case FORBIDDEN -> "PERMISSION_DENIED";
          case NO_MODEL -> "NOT_FOUND";
          case BROKEN -> "INTERNAL";
          case OVERLOADED -> "UNAVAILABLE";
        };
    ObjectNode body = object();
    ObjectNode error = body.putObject("error").put("code", code(trouble)).put("status", status);
    error.put(
        "message",
        switch (trouble) {
          case TOO_LONG ->
              "The input token count (9) exceeds the maximum number of tokens allowed (8).";
          case UNPAID -> "You exceeded your current quota. * Quota exceeded, limit: 0";
          case NO_MODEL -> "models/m is not found for API version v1beta";
          default -> message;
        });
    error.putArray("details");
    return body;
  }

  private static int code(Trouble trouble) {
    return switch (trouble) {
      case KEY -> 400;
      case UNPAID -> 429;
      default -> status(trouble);
    };
  }

  @Override
  public String midway(Trouble trouble, String message) {
    // As it is: no event, in several lines.
    return error(trouble, message).toPrettyString() + "\r\n";
  }

  @Override
  public Refusal refusal(Reaction.Refuses refuses, long number) {
    ObjectNode body = error(refuses.trouble(), refuses.message());
    ArrayNode details = (ArrayNode) body.path("error").path("details");
    switch (refuses.trouble()) {
      case RATE ->
          refuses
              .delay()
              .ifPresent(
                  wait -> detail(details, "RetryInfo").put("retryDelay", wait.toSeconds() + "s"));
      case QUOTA_UNTIL -> {
        detail(details, "QuotaFailure")
            .putArray("violations")
            .addObject()
            .put("quotaId", "GenerateRequestsPerDayPerProjectPerModel-FreeTier");
        detail(details, "RetryInfo").put("retryDelay", "38s");
      }
      case QUOTA -> detail(details, "ErrorInfo").put("reason", "QUOTA_EXHAUSTED");
      case KEY -> detail(details, "ErrorInfo").put("reason", "API_KEY_INVALID");
      default -> {
        // The words say it.
      }
    }
    return new Refusal(code(refuses.trouble()), Map.of(), body.toPrettyString());
  }

  private static ObjectNode detail(ArrayNode details, String type) {
    return details.addObject().put("@type", "type.googleapis.com/google.rpc." + type);
  }
}
