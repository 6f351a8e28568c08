package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.RetryHints;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
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

  private static final int QUOTED_MAX = 500;

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
    var said =
        new Said(
            refusal.status(),
            error.path("type").asText(""),
            text,
            error.path("details").path("error_code").asText(""),
            request == null ? body.path("request_id").asText("") : request,
            refusal.headers());
    return classify(said);
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
        new Said(
            status,
            type,
            error.path("message").asText(error.isTextual() ? error.textValue() : ""),
            error.path("details").path("error_code").asText(""),
            request == null ? event.path("request_id").asText("") : request,
            headers));
  }

  /** What came is no reply at all. */
  ModelFailure ofGarbage(Headers headers, String beginning) {
    String type = headers.get("content-type");
    String what =
        "%s answered with something that is no reply of the Messages API (%s: %s)."
            .formatted(
                host,
                type == null ? "without a content type" : Excerpt.of(type, 80),
                beginning.isBlank() ? "empty" : Excerpt.of(beginning, QUOTED_MAX));
    return type != null && type.toLowerCase(Locale.ROOT).contains("html")
        ? new ModelFailure.Denied(what + " Check base_url, and any proxy on the way.")
        : new ModelFailure.Transient(what, Optional.empty());
  }

  /** The reply stopped in the middle. */
  ModelFailure ofCut() {
    return new ModelFailure.Transient(
        "%s ended the reply before it was complete.".formatted(host), Optional.empty());
  }

  private ModelFailure classify(Said said) {
    int status = said.status();
    if (said.speaksOf("usage limits") && (status == 400 || status == 403 || status == 429)) {
      return spent(said, date(said.message()));
    }
    if (said.speaksOf("credit balance")) {
      return denied(said, "has no credit left", "Add credit to the account.");
    }
    return switch (status) {
      case 401 -> denied(said, "refused the key", "Check the key in " + keyOrigin + ".");
      case 402 -> denied(said, "wants a payment settled", "Check the billing of the account.");
      case 403 ->
          denied(said, "does not allow this", "Check what the key in " + keyOrigin + " may do.");
      case 404 ->
          said.speaksOf("model")
              ? denied(said, "has no model " + model + " for this key", "Check model.")
              : denied(said, "knows no such address", "Check base_url.");
      case 413 ->
          unusable(said, "finds the request too large", "The conversation must become shorter.");
      case 429 -> limited(said);
      case 408, 409 -> passing(said, "could not answer");
      case 529 -> passing(said, "is overloaded");
      default -> {
        if (status >= 500) {
          yield passing(said, "has trouble of its own");
        }
        if (status >= 300 && status < 400) {
          String target = said.headers().get("location");
          yield denied(
              said,
              "redirects to " + (target == null ? "nowhere" : Excerpt.of(target, 200)),
              "Redirects are not followed, as the key would go along: correct base_url.");
        }
        yield rejected(said);
      }
    };
  }

  private ModelFailure rejected(Said said) {
    if (said.speaksOf("too long") || said.speaksOf("context limit") || said.speaksOf("too large")) {
      return unusable(said, "finds the request too long", "The conversation must become shorter.");
    }
    if (said.hints(now).worthwhile().orElse(false)) {
      return passing(said, "could not answer");
    }
    return unusable(said, "does not accept the request", "");
  }

  private ModelFailure limited(Said said) {
    if (said.code().equals("enforced_spend_limit_reached")) {
      LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
      Instant nextMonth =
          today.withDayOfMonth(1).plusMonths(1).atStartOfDay().toInstant(ZoneOffset.UTC);
      return spent(said, date(said.message()).or(() -> Optional.of(nextMonth)));
    }
    RetryHints hints = said.hints(now);
    Optional<Duration> wait =
        hints
            .delay()
            .or(() -> RateLimits.of(said.headers()).resetsAt().map(at -> RetryHints.from(now, at)));
    if (wait.isEmpty() && !hints.worthwhile().orElse(true)) {
      return new ModelFailure.Window(
          said.told(host, "takes no more calls for now", ""), Optional.empty());
    }
    return passing(said, "limits the rate of calls", wait);
  }

  private ModelFailure passing(Said said, String what) {
    RetryHints hints = said.hints(now);
    if (hints.delay().isEmpty() && !hints.worthwhile().orElse(true)) {
      return unusable(said, what, "It says that trying again does not help.");
    }
    return passing(said, what, hints.delay());
  }

  private ModelFailure passing(Said said, String what, Optional<Duration> wait) {
    if (wait.isPresent() && wait.get().compareTo(longestWait) > 0) {
      Instant resetsAt = now.plus(wait.get());
      return new ModelFailure.Window(
          said.told(host, what, "It takes calls again at " + resetsAt + "."),
          Optional.of(resetsAt));
    }
    return new ModelFailure.Transient(said.told(host, what, ""), wait);
  }

  private ModelFailure spent(Said said, Optional<Instant> resetsAt) {
    return new ModelFailure.Window(
        said.told(
            host,
            "has reached the spending limit of this account",
            "Wait, or raise the limit in the account's settings."),
        resetsAt);
  }

  private ModelFailure denied(Said said, String what, String cure) {
    return new ModelFailure.Denied(said.told(host, what, cure));
  }

  private ModelFailure unusable(Said said, String what, String cure) {
    return new ModelFailure.Unusable(said.told(host, what, cure));
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

  /** An error in the API's own words. */
  private record Said(
      int status, String type, String message, String code, String request, Headers headers) {

    boolean speaksOf(String words) {
      return message.toLowerCase(Locale.ROOT).contains(words);
    }

    RetryHints hints(Instant now) {
      return RetryHints.of(headers, now);
    }

    String told(String host, String what, String cure) {
      StringBuilder told = new StringBuilder(host).append(' ').append(what).append(" (");
      told.append(status);
      if (!type.isEmpty()) {
        told.append(' ').append(Excerpt.of(type, 80));
      }
      if (!message.isBlank()) {
        told.append(": ").append(Excerpt.of(message, QUOTED_MAX));
      }
      if (!request.isEmpty()) {
        told.append("; request ").append(Excerpt.of(request, 80));
      }
      told.append(").");
      return cure.isEmpty() ? told.toString() : told.append(' ').append(cure).toString();
    }
  }
}
