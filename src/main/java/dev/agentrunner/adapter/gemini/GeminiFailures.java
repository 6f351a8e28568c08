package dev.agentrunner.adapter.gemini;

import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.RetryHints;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;

/**
 * What the API's errors mean for us (ai.google.dev, "Troubleshooting" and "Rate limits", read
 * 2026-10; gemini-cli's googleQuotaErrors.ts, read 2026-08).
 *
 * @param host the other end, for messages
 * @param keyOrigin where the key came from, for messages
 * @param model asked for
 * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
 */
record GeminiFailures(
    String host, String keyOrigin, String model, Duration longestWait, Instant now) {

  private static final int QUOTED_MAX = 500;

  /** Where the days of daily quotas begin. */
  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

  ModelFailure ofStatus(Refusal refusal) {
    GeminiError error =
        GeminiError.in(refusal.body())
            .orElseGet(() ->
                new GeminiError(0, "", refusal.body(), List.of(), List.of(), Optional.empty()));
    return classify(refusal.status(), error, refusal.headers());
  }

  /** An error that came with status 200, perhaps in the middle of a reply. */
  ModelFailure ofError(GeminiError error, Headers headers) {
    return classify(error.code() >= 300 ? error.code() : code(error.status()), error, headers);
  }

  private static int code(String status) {
    return switch (status) {
      case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" -> 400;
      case "UNAUTHENTICATED" -> 401;
      case "PERMISSION_DENIED" -> 403;
      case "NOT_FOUND" -> 404;
      case "RESOURCE_EXHAUSTED" -> 429;
      case "UNAVAILABLE" -> 503;
      case "DEADLINE_EXCEEDED" -> 504;
      default -> 500;
    };
  }

  /** What came is no reply at all. */
  ModelFailure ofGarbage(Headers headers, String beginning) {
    String type = headers.get("content-type");
    String what =
        "%s answered with something that is no reply of generateContent (%s: %s)."
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

  /** The model's call was no call. The same question often goes well the next time. */
  ModelFailure ofGarbledCall(String reason) {
    return new ModelFailure.Transient(
        "%s garbled a tool call (%s).".formatted(model, Excerpt.of(reason, QUOTED_MAX)),
        Optional.empty());
  }

  private ModelFailure classify(int status, GeminiError error, Headers headers) {
    if (error.hasReason("API_KEY_INVALID") || error.speaksOf("api key not valid")) {
      return badKey(status, error);
    }
    RetryHints hints = RetryHints.of(headers, now);
    Optional<Duration> wait = error.delay().or(hints::delay);
    return switch (status) {
      case 400 -> rejected(error);
      case 401 -> badKey(status, error);
      case 403 ->
          denied(
              status,
              error,
              "does not allow this",
              "Check what the key in " + keyOrigin + " may do.");
      case 404 ->
          error.speaksOf("model")
              ? denied(status, error, "has no model " + model + " for this key", "Check model.")
              : denied(status, error, "knows no such address", "Check base_url and model.");
      case 413 -> tooLong(status, error);
      case 429 -> limited(error, wait);
      case 408, 409, 499 -> passing(status, error, "could not answer", wait);
      case 503, 529 -> passing(status, error, "is overloaded", wait);
      default -> {
        if (status >= 500) {
          yield passing(status, error, "has trouble of its own", wait);
        }
        if (status >= 300 && status < 400) {
          String target = headers.get("location");
          yield denied(
              status,
              error,
              "redirects to " + (target == null ? "nowhere" : Excerpt.of(target, 200)),
              "Redirects are not followed, as the key would go along: correct base_url.");
        }
        yield unusable(status, error, "does not accept the request", "");
      }
    };
  }

  private ModelFailure rejected(GeminiError error) {
    if (error.speaksOf("api key")) {
      return badKey(400, error);
    }
    if (error.status().equals("FAILED_PRECONDITION")
        || error.speaksOf("location is not supported")
        || error.speaksOf("billing")) {
      return denied(
          400,
          error,
          "does not serve this account",
          "Check the billing and region of the account.");
    }
    if (error.speaksOf("token count")
        || error.speaksOf("too long")
        || error.speaksOf("too large")) {
      return tooLong(400, error);
    }
    return unusable(400, error, "does not accept the request", "");
  }

  private ModelFailure badKey(int status, GeminiError error) {
    return denied(status, error, "refused the key", "Check the key in " + keyOrigin + ".");
  }

  private ModelFailure tooLong(int status, GeminiError error) {
    return unusable(
        status, error, "finds the request too long", "The conversation must become shorter.");
  }

  private ModelFailure limited(GeminiError error, Optional<Duration> wait) {
    if (error.hasReason("INSUFFICIENT_G1_CREDITS_BALANCE")) {
      return denied(429, error, "has no credit left", "Add credit to the account.");
    }
    if (error.message().toLowerCase(Locale.ROOT).matches("(?s).*\\blimit: 0(?![\\d.]).*")) {
      return spent(
          error,
          "has no quota for " + model + " on this plan",
          "Change the plan, or ask another model.",
          Optional.empty());
    }
    // The wait that comes with a daily quota is often that of the quota per minute beside it.
    if (error.exceeds("PerDay") || error.exceeds("Daily")) {
      return spent(
          error,
          "has used up its quota of the day",
          "",
          Optional.of(wait.filter(this::tooLong).map(now::plus).orElseGet(this::nextDay)));
    }
    if (error.hasReason("QUOTA_EXHAUSTED")) {
      return spent(error, "has used up a quota", "", wait.map(now::plus));
    }
    Optional<Duration> minute =
        error.exceeds("PerMinute") ? Optional.of(Duration.ofMinutes(1)) : Optional.empty();
    return passing(429, error, "limits the rate of calls", wait.or(() -> minute));
  }

  private Instant nextDay() {
    return now.atZone(PACIFIC).toLocalDate().plusDays(1).atStartOfDay(PACIFIC).toInstant();
  }

  private boolean tooLong(Duration wait) {
    return wait.compareTo(longestWait) > 0;
  }

  private ModelFailure passing(
      int status, GeminiError error, String what, Optional<Duration> wait) {
    if (wait.filter(this::tooLong).isPresent()) {
      Instant resetsAt = now.plus(wait.get());
      return new ModelFailure.Window(
          told(status, error, what, "It takes calls again at " + resetsAt + "."),
          Optional.of(resetsAt));
    }
    return new ModelFailure.Transient(told(status, error, what, ""), wait);
  }

  private ModelFailure spent(
      GeminiError error, String what, String cure, Optional<Instant> resetsAt) {
    return new ModelFailure.Window(told(429, error, what, cure), resetsAt);
  }

  private ModelFailure denied(int status, GeminiError error, String what, String cure) {
    return new ModelFailure.Denied(told(status, error, what, cure));
  }

  private ModelFailure unusable(int status, GeminiError error, String what, String cure) {
    return new ModelFailure.Unusable(told(status, error, what, cure));
  }

  private String told(int status, GeminiError error, String what, String cure) {
    StringBuilder told = new StringBuilder(host).append(' ').append(what).append(" (");
    told.append(status);
    if (!error.status().isEmpty()) {
      told.append(' ').append(Excerpt.of(error.status(), 80));
    }
    if (!error.message().isBlank()) {
      told.append(": ").append(Excerpt.of(error.message(), QUOTED_MAX));
    }
    told.append(").");
    return cure.isEmpty() ? told.toString() : told.append(' ').append(cure).toString();
  }
}
