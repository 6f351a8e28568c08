package dev.agentrunner.adapter.gemini;

import dev.agentrunner.adapter.http.Complaint;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * What the API's errors mean for us (ai.google.dev, "Troubleshooting" and "Rate limits", read
 * 2026-10; gemini-cli's googleQuotaErrors.ts, read 2026-08).
 */
record GeminiFailures(ProviderFailures common) {

  /** Where the days of daily quotas begin. */
  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

  /** As in "…, limit: 0, model: …": this account may never ask. */
  private static final Pattern NO_QUOTA = Pattern.compile("(?i)\\blimit: 0(?![\\d.])");

  ModelFailure ofStatus(Refusal refusal) {
    GeminiError error =
        GeminiError.in(refusal.body())
            .orElseGet(() ->
                new GeminiError(0, "", refusal.body(), List.of(), List.of(), Optional.empty()));
    return classify(error, complaint(refusal.status(), error, refusal.headers()));
  }

  /** An error that came with status 200, perhaps in the middle of a reply. */
  ModelFailure ofError(GeminiError error, Headers headers) {
    int status = error.code() >= 300 ? error.code() : code(error.status());
    return classify(error, complaint(status, error, headers));
  }

  private static Complaint complaint(int status, GeminiError error, Headers headers) {
    return new Complaint(status, error.status(), "", error.message(), "", headers);
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

  /** The model's call was no call. The same question often goes well the next time. */
  ModelFailure ofGarbledCall(String reason) {
    return new ModelFailure.Transient(
        "%s garbled a tool call (%s).".formatted(common.model(), Excerpt.of(reason, 500)),
        Optional.empty());
  }

  private ModelFailure classify(GeminiError error, Complaint said) {
    if (error.hasReason("API_KEY_INVALID") || said.speaksOf("api key not valid")) {
      return badKey(said);
    }
    return switch (said.status()) {
      case 400 -> rejected(error, said);
      case 429 -> limited(error, said);
      case 503, 529 -> common.passing(said, "is overloaded", error.delay());
      case 408, 409, 499 -> common.passing(said, "could not answer", error.delay());
      case 500, 502, 504 -> common.passing(said, "has trouble of its own", error.delay());
      default -> common.byStatus(said);
    };
  }

  private ModelFailure rejected(GeminiError error, Complaint said) {
    if (said.speaksOf("api key")) {
      return badKey(said);
    }
    if (error.status().equals("FAILED_PRECONDITION")
        || said.speaksOf("location is not supported")
        || said.speaksOf("billing")) {
      return common.denied(
          said, "does not serve this account", "Check the billing and region of the account.");
    }
    return said.speaksOf("token count") ? common.tooLong(said, "too long") : common.byStatus(said);
  }

  private ModelFailure badKey(Complaint said) {
    return common.denied(said, "refused the key", "Check the key in " + common.keyOrigin() + ".");
  }

  private ModelFailure limited(GeminiError error, Complaint said) {
    if (error.hasReason("INSUFFICIENT_G1_CREDITS_BALANCE")) {
      return common.denied(said, "has no credit left", "Add credit to the account.");
    }
    if (NO_QUOTA.matcher(said.message()).find()) {
      // No wait helps, whatever delay stands beside it.
      return common.denied(
          said,
          "has no quota for " + common.model() + " on this plan",
          "Change the plan, or ask another model.");
    }
    Optional<Duration> wait = error.delay().or(() -> said.hints(common.now()).delay());
    // The wait that comes with a daily quota is often that of the quota per minute beside it.
    if (error.exceeds("PerDay") || error.exceeds("Daily")) {
      Instant back =
          wait.filter(delay -> delay.compareTo(common.longestWait()) > 0)
              .map(common.now()::plus)
              .orElseGet(this::nextDay);
      return common.window(said, "has used up its quota of the day", "", Optional.of(back));
    }
    if (error.hasReason("QUOTA_EXHAUSTED")) {
      return common.window(said, "has used up a quota", "", wait.map(common.now()::plus));
    }
    Optional<Duration> minute =
        error.exceeds("PerMinute") ? Optional.of(Duration.ofMinutes(1)) : Optional.empty();
    return common.limited(said, error.delay().or(() -> minute));
  }

  private Instant nextDay() {
    return common.now().atZone(PACIFIC).toLocalDate().plusDays(1).atStartOfDay(PACIFIC).toInstant();
  }
}
