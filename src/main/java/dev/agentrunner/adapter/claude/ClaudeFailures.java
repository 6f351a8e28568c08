package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.Complaint;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.RetryHints;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * What the API's errors mean for us (platform.claude.com, "Errors" and "Rate limits", read 2026-08;
 * SDK sources, read 2026-08).
 *
 * @param host the other end, for messages
 * @param keyOrigin where the key came from, for messages
 * @param model asked for
 * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
 */
record ClaudeFailures(
    String host, String keyOrigin, String model, Duration longestWait, Instant now) {

  /** As in "You will regain access on 2026-12-01 at 00:00 UTC." */
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})(?:(?:T| at | )(\\d{2}:\\d{2})(?::\\d{2})?)?\\s*(?:UTC|Z)?");

  ModelFailure ofStatus(Refusal refusal) {
    JsonNode body = object(refusal.body());
    JsonNode error = body.path("error");
    String text = error.path("message").asText("");
    if (text.isEmpty()) {
      text = error.isTextual() ? error.textValue() : refusal.body();
    }
    String request = refusal.headers().get("request-id");
    return classify(
        new Complaint(
            refusal.status(),
            error.path("type").asText(""),
            error.path("details").path("error_code").asText(""),
            text,
            request == null ? body.path("request_id").asText("") : request,
            refusal.headers()));
  }

  /** An {@code error} event, or an error that came with status 200. */
  ModelFailure ofEvent(JsonNode event, Headers headers) {
    JsonNode error = event.path("error");
    String type = error.path("type").asText("");
    int status =
        switch (type) {
          case "invalid_request_error" -> 400;
          case "authentication_error" -> 401;
          case "billing_error" -> 402;
          case "permission_error" -> 403;
          case "not_found_error" -> 404;
          case "conflict_error" -> 409;
          case "request_too_large" -> 413;
          case "rate_limit_error" -> 429;
          case "timeout_error" -> 504;
          case "overloaded_error" -> 529;
          default -> 500;
        };
    String request = headers.get("request-id");
    return classify(
        new Complaint(
            status,
            type,
            error.path("details").path("error_code").asText(""),
            error.path("message").asText(error.isTextual() ? error.textValue() : ""),
            request == null ? event.path("request_id").asText("") : request,
            headers));
  }

  private ModelFailure classify(Complaint said) {
    int status = said.status();
    if (said.speaksOf("usage limits") && (status == 400 || status == 403 || status == 429)) {
      return spent(said, date(said.message()));
    }
    if (said.speaksOf("credit balance")) {
      return common().denied(said, "has no credit left", "Add credit to the account.");
    }
    return status == 429 ? limited(said) : common().byStatus(said);
  }

  private ModelFailure limited(Complaint said) {
    if (said.code().equals("enforced_spend_limit_reached")) {
      LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
      Instant nextMonth =
          today.withDayOfMonth(1).plusMonths(1).atStartOfDay().toInstant(ZoneOffset.UTC);
      return spent(said, date(said.message()).or(() -> Optional.of(nextMonth)));
    }
    return common()
        .limited(
            said, RateLimits.of(said.headers()).resetsAt().map(at -> RetryHints.from(now, at)));
  }

  private ModelFailure spent(Complaint said, Optional<Instant> resetsAt) {
    return common()
        .window(
            said,
            "has reached the spending limit of this account",
            "Wait, or raise the limit in the account's settings.",
            resetsAt);
  }

  /** What is not peculiar to this API. */
  ProviderFailures common() {
    return new ProviderFailures(host, keyOrigin, model, longestWait, now);
  }

  private static Optional<Instant> date(String message) {
    Matcher date = DATE.matcher(message);
    if (!date.find()) {
      return Optional.empty();
    }
    try {
      LocalTime time = date.group(2) == null ? LocalTime.MIN : LocalTime.parse(date.group(2));
      return Optional.of(LocalDate.parse(date.group(1)).atTime(time).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static JsonNode object(String body) {
    try {
      return JsonTree.read(body);
    } catch (JsonProcessingException _) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
