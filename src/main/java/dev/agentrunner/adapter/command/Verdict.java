package dev.agentrunner.adapter.command;

import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run of an agent that did not go well means. What the agent reports in its protocol counts
 * first, then what it says in words of its own; the words of the model never do.
 *
 * @param zone of reset times that name none
 */
record Verdict(Preset preset, String provider, LimitRules rules, ResetTime zone) {

  private static final int SHOWN_MAX = 400;

  /**
   * Why it failed, and what made us think so.
   *
   * @param rule the rule of the pattern file, or the event; empty if neither fits
   */
  record Finding(Optional<String> rule, LimitRule.Kind kind, ModelFailure failure) {}

  /**
   * @param code the exit code
   */
  Finding of(Transcript heard, int code, Instant now) {
    return structured(heard, now)
        .or(() -> worded(heard, now))
        .orElseGet(() -> unnamed(heard, code));
  }

  private Optional<Finding> structured(Transcript heard, Instant now) {
    if (heard.limit().isPresent()) {
      Signal.RateLimited limit = heard.limit().get();
      Optional<Instant> resets =
          limit.resetsAt().or(() -> worded(heard, now).flatMap(Verdict::resetOf));
      return Optional.of(
          window("event rate limited", "its %s quota is used up".formatted(limit.scope()), resets));
    }
    return heard.failure().flatMap(failure -> hinted(failure, heard, now));
  }

  private static Optional<Instant> resetOf(Finding finding) {
    return finding.failure() instanceof ModelFailure.Window(var _, Optional<Instant> resets)
        ? resets
        : Optional.empty();
  }

  /** By the agent's own word for the trouble; its text still tells the time, or more of it. */
  private Optional<Finding> hinted(Signal.Failed failure, Transcript heard, Instant now) {
    Optional<String> rule = Optional.of("event " + failure.hint());
    return switch (failure.hint()) {
      case "authentication_failed",
          "oauth_org_not_allowed",
          "401",
          "403",
          "FatalAuthenticationError",
          "AuthenticationError",
          "ProviderAuthError" ->
          Optional.of(denied(rule, failure.message() + logIn()));
      case "billing_error", "402" ->
          Optional.of(denied(rule, failure.message() + "; somebody must see to the account"));
      case "model_not_found", "NotFoundError", "404" ->
          Optional.of(denied(rule, failure.message() + "; name another model"));
      case "TerminalQuotaError" ->
          Optional.of(
              window(rule.get(), failure.message(), worded(heard, now).flatMap(Verdict::resetOf)));
      case "error_max_turns",
          "error_max_budget_usd",
          "invalid_request",
          "FatalTurnLimitedError",
          "ContextWindowExceededError",
          "ContextOverflowError",
          "BadRequestError" ->
          // A login that is missing is called an invalid request by some.
          worded(heard, now)
              .or(() ->
                  Optional.of(
                      new Finding(
                          rule,
                          LimitRule.Kind.UNUSABLE,
                          new ModelFailure.Unusable(shown(failure.message())))));
      case "overloaded",
          "server_error",
          "500",
          "502",
          "503",
          "504",
          "529",
          "RetryableQuotaError",
          "ServiceUnavailableError",
          "InternalServerError",
          "APIConnectionError",
          "Timeout" ->
          Optional.of(
              worded(heard, now)
                  .filter(found -> found.kind() != LimitRule.Kind.DENIED)
                  .orElseGet(() -> passing(rule, failure.message(), Optional.empty())));
      default -> Optional.empty();
    };
  }

  private Optional<Finding> worded(Transcript heard, Instant now) {
    List<String> texts = new ArrayList<>();
    heard.failure().ifPresent(failure -> texts.add(failure.message()));
    if (!heard.complaints().isEmpty()) {
      texts.add(String.join("\n", heard.complaints()));
    }
    for (String text : texts) {
      Optional<Finding> found =
          rules.find(text, Optional.of(preset.word())).map(rule -> finding(rule, text, now));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  Finding finding(LimitRules.Found found, String text, Instant now) {
    Optional<String> id = Optional.of(found.rule().id());
    return switch (found.rule().kind()) {
      case TRANSIENT ->
          passing(id, text, zone.in(found.reset(), now).map(at -> Duration.between(now, at)));
      case WINDOW ->
          window(
              found.rule().id(),
              text,
              zone.in(found.reset(), now).or(() -> found.rule().holds().map(now::plus)));
      case DENIED -> denied(id, text + (id.get().contains("login") ? logIn() : ""));
      case UNUSABLE ->
          new Finding(id, LimitRule.Kind.UNUSABLE, new ModelFailure.Unusable(shown(text)));
    };
  }

  /**
   * Nothing is known of such a failure. One that came before anything was begun is most likely a
   * flag or a setting, which trying again does not mend.
   */
  private Finding unnamed(Transcript heard, int code) {
    String said =
        heard
            .failure()
            .map(Signal.Failed::message)
            .orElseGet(() -> String.join(" / ", lastOf(heard.complaints())));
    if (heard.finished()) {
      return passing(
          Optional.empty(),
          "it said that it was done, and yet ended with exit code %d%s"
              .formatted(code, after(said)),
          Optional.empty());
    }
    if (code == 0) {
      return passing(
          Optional.empty(),
          heard.failure().isPresent()
              ? said
              : "it ended without saying that it was done%s".formatted(after(said)),
          Optional.empty());
    }
    String message = "it ended with exit code %d%s".formatted(code, after(said));
    boolean killed = code > 128;
    return heard.begun() || killed || heard.failure().isPresent()
        ? passing(Optional.empty(), message, Optional.empty())
        : denied(
            Optional.empty(),
            message + ". It had not even begun: see 'args' under providers." + provider);
  }

  private static List<String> lastOf(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 3), lines.size());
  }

  private static String after(String said) {
    return said.isBlank() ? "" : ": " + said;
  }

  private String logIn() {
    return ". Log in: %s".formatted(preset.logIn());
  }

  private Finding window(String rule, String text, Optional<Instant> resets) {
    return new Finding(
        Optional.of(rule), LimitRule.Kind.WINDOW, new ModelFailure.Window(shown(text), resets));
  }

  private Finding passing(Optional<String> rule, String text, Optional<Duration> after) {
    return new Finding(
        rule, LimitRule.Kind.TRANSIENT, new ModelFailure.Transient(shown(text), after));
  }

  private Finding denied(Optional<String> rule, String text) {
    return new Finding(rule, LimitRule.Kind.DENIED, new ModelFailure.Denied(shown(text)));
  }

  private String shown(String text) {
    return provider + ": " + Excerpt.of(text, SHOWN_MAX);
  }
}
