package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.Complaint;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.Headers;

/**
 * What errors mean for us (developers.openai.com, "Error codes" and "Rate limits"; openrouter.ai,
 * "Errors and debugging"; read 2026-11). Servers that only speak like OpenAI write them in many
 * ways: {@code {"error": {…}}}, {@code {"error": "text"}}, {@code {"message": …}}, {@code
 * {"detail": …}}, or no JSON at all.
 */
record OpenAiFailures(ProviderFailures common) {

  private static final Set<String> UNPAID =
      Set.of(
          "insufficient_quota",
          "credit_balance_exhausted",
          "billing_hard_limit_reached",
          "billing_not_active",
          "organization_spend_limit_exceeded",
          "project_spend_limit_exceeded",
          "organization_usage_limit_exceeded");

  private static final Set<String> TOO_LONG =
      Set.of(
          "context_length_exceeded",
          "string_above_max_length",
          "exceed_context_size_error",
          "request_too_large");

  private static final List<String> TOO_LONG_WORDS =
      List.of(
          "request too large for",
          "maximum context length",
          "context length",
          "context window",
          "context size",
          "prompt is too long");

  /** As vLLM, llama.cpp, OpenRouter and Ollama say it. */
  private static final List<String> NO_TOOLS_WORDS =
      List.of(
          "enable-auto-tool-choice",
          "tools param requires --jinja",
          "support tool use",
          "does not support tools");

  ModelFailure ofStatus(Refusal refusal) {
    JsonNode body = object(refusal.body());
    return classify(
        complaint(
            refusal.status(), body, refusal.headers(), body.isObject() ? "" : refusal.body()));
  }

  /** An error that came with status 200: within a stream, or instead of a reply. */
  ModelFailure ofEvent(JsonNode event, Headers headers) {
    return classify(complaint(0, event, headers, ""));
  }

  /**
   * @param status 0 where only the error itself tells
   */
  private static Complaint complaint(int status, JsonNode body, Headers headers, String otherwise) {
    JsonNode error = body.path("error").isObject() ? body.path("error") : body;
    String type = word(error.path("type"));
    String code = word(error.path("code"));
    String message =
        Stream.of(error.path("message"), body.path("error"), body.path("detail"))
            .filter(said -> !said.isMissingNode() && !said.isNull() && !said.isObject())
            .map(said -> said.isTextual() ? said.textValue() : JsonTree.write(said))
            .filter(said -> !said.isBlank())
            .findFirst()
            .orElse(otherwise);
    // OpenRouter hands on what the provider behind it said.
    JsonNode behind = error.path("metadata").path("raw");
    String request = headers.get("x-request-id");
    return new Complaint(
        status == 0 ? status(type, code) : status,
        type.equals("error") ? "" : type,
        // A number only repeats the status.
        code.matches("\\d+") ? "" : code,
        behind.isTextual() ? message + ": " + behind.textValue() : message,
        request == null ? "" : request,
        headers);
  }

  private static String word(JsonNode node) {
    return node.isValueNode() && !node.isNull() ? node.asText("") : "";
  }

  /** What the status would have been. */
  private static int status(String type, String code) {
    if (code.matches("[345]\\d\\d")) {
      return Integer.parseInt(code);
    }
    return Stream.of(code, type)
        .mapToInt(OpenAiFailures::status)
        .filter(status -> status != 0)
        .findFirst()
        .orElse(500);
  }

  private static int status(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "invalid_api_key", "authentication_error", "invalid_authentication" -> 401;
      case "permission_error", "permission_denied" -> 403;
      case "model_not_found", "not_found_error" -> 404;
      case "rate_limit_exceeded", "rate_limit_error", "insufficient_quota", "tokens", "requests" ->
          429;
      case "server_is_overloaded", "service_unavailable_error", "slow_down", "overloaded_error" ->
          503;
      case "invalid_request_error",
          "badrequesterror",
          "context_length_exceeded",
          "exceed_context_size_error",
          "invalid_prompt",
          "invalid_value",
          "unsupported_value",
          "unsupported_parameter",
          "content_filter",
          "cyber_policy",
          "bio_policy",
          "data_residency_mismatch" ->
          400;
      default -> 0;
    };
  }

  private ModelFailure classify(Complaint said) {
    int status = said.status();
    if (UNPAID.contains(said.code()) || UNPAID.contains(said.type())) {
      return common.denied(
          said,
          "has no quota left for this account",
          "Check its plan, its limits and its billing.");
    }
    if (status < 500 && tooLong(said)) {
      return common.tooLong(said, "too long");
    }
    if (NO_TOOLS_WORDS.stream().anyMatch(said::speaksOf)) {
      return common.denied(
          said,
          "takes no tools with " + common.model(),
          "Write tools: off below this provider, or have its server take them.");
    }
    if (status < 500
        && (said.code().equals("model_not_found")
            || said.speaksOf("invalid model")
            || said.speaksOf("no models loaded"))) {
      return common.noModel(said);
    }
    if (status == 402 && said.hints(common.now()).delay().isPresent()) {
      return common.passing(said, "has no credit free at the moment");
    }
    return switch (status) {
      case 429 ->
          common.limited(
              said, RateLimits.wait(said.headers()).or(() -> RateLimits.wait(said.message())));
      case 503 -> common.passing(said, "is overloaded");
      default -> common.byStatus(said);
    };
  }

  private static boolean tooLong(Complaint said) {
    return TOO_LONG.contains(said.code())
        || TOO_LONG.contains(said.type())
        || TOO_LONG_WORDS.stream().anyMatch(said::speaksOf)
        || (said.status() == 429 && RateLimits.neverFits(said.message()));
  }

  /** A reply that ended because of trouble at the other end. */
  ModelFailure ofTroubledEnd(String reason) {
    return new ModelFailure.Transient(
        "%s ended the reply because of trouble of its own (%s)."
            .formatted(common.host(), Excerpt.of(reason, 80)),
        Optional.empty());
  }

  private static JsonNode object(String body) {
    try {
      JsonNode read = JsonTree.read(body);
      // Gemini's compatible address puts its error into a list.
      return read.isArray() ? read.path(0) : read;
    } catch (JsonProcessingException _) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
