package dev.agentrunner.adapter.http;

import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;

/**
 * What goes wrong with a call, as far as it means the same with every provider.
 *
 * @param host the other end, for messages
 * @param keyOrigin where the key came from, for messages
 * @param model asked for
 * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
 */
public record ProviderFailures(
    String host, String keyOrigin, String model, Duration longestWait, Instant now) {

  private static final int QUOTED_MAX = 500;

  /** What the status means by itself. */
  public ModelFailure byStatus(Complaint complaint) {
    int status = complaint.status();
    return switch (status) {
      case 401 -> denied(complaint, "refused the key", "Check the key in " + keyOrigin + ".");
      case 402 -> denied(complaint, "wants a payment settled", "Check the billing of the account.");
      case 403 ->
          denied(
              complaint, "does not allow this", "Check what the key in " + keyOrigin + " may do.");
      case 404 ->
          complaint.speaksOf("model")
              ? noModel(complaint)
              : denied(complaint, "knows no such address", "Check base_url.");
      case 413 -> tooLong(complaint, "too large");
      case 429 -> limited(complaint, Optional.empty());
      case 408, 409, 425, 499 -> passing(complaint, "could not answer");
      case 529 -> passing(complaint, "is overloaded");
      default -> {
        if (status >= 500) {
          yield passing(complaint, "has trouble of its own");
        }
        if (status >= 300 && status < 400) {
          String target = complaint.headers().get("location");
          yield denied(
              complaint,
              "redirects to " + (target == null ? "nowhere" : Excerpt.of(target, 200)),
              "Redirects are not followed, as the key would go along: correct base_url.");
        }
        yield rejected(complaint);
      }
    };
  }

  private ModelFailure rejected(Complaint complaint) {
    if (complaint.speaksOf("too long")
        || complaint.speaksOf("context limit")
        || complaint.speaksOf("too large")) {
      return tooLong(complaint, "too long");
    }
    if (complaint.hints(now).worthwhile().orElse(false)) {
      return passing(complaint, "could not answer");
    }
    return unusable(complaint, "does not accept the request", "");
  }

  /**
   * Too many calls, or too large ones, for the time being.
   *
   * @param otherHint how long to wait if the usual headers do not say
   */
  public ModelFailure limited(Complaint complaint, Optional<Duration> otherHint) {
    RetryHints hints = complaint.hints(now);
    Optional<Duration> wait = hints.delay().or(() -> otherHint);
    if (wait.isEmpty() && !hints.worthwhile().orElse(true)) {
      return window(complaint, "takes no more calls for now", "", Optional.empty());
    }
    return after(wait, complaint, "limits the rate of calls");
  }

  /** It may work in a moment, unless the provider says that it will not. */
  public ModelFailure passing(Complaint complaint, String what) {
    return passing(complaint, what, Optional.empty());
  }

  /**
   * The same.
   *
   * @param otherHint how long to wait if the usual headers do not say
   */
  public ModelFailure passing(Complaint complaint, String what, Optional<Duration> otherHint) {
    RetryHints hints = complaint.hints(now);
    Optional<Duration> wait = hints.delay().or(() -> otherHint);
    if (wait.isEmpty() && !hints.worthwhile().orElse(true)) {
      return unusable(complaint, what, "It says that trying again does not help.");
    }
    return after(wait, complaint, what);
  }

  private ModelFailure after(Optional<Duration> wait, Complaint complaint, String what) {
    if (wait.isPresent() && wait.get().compareTo(longestWait) > 0) {
      Instant resetsAt = now.plus(wait.get());
      return window(
          complaint, what, "It takes calls again at " + resetsAt + ".", Optional.of(resetsAt));
    }
    return new ModelFailure.Transient(complaint.told(host, what, ""), wait);
  }

  public ModelFailure window(
      Complaint complaint, String what, String cure, Optional<Instant> resetsAt) {
    return new ModelFailure.Window(complaint.told(host, what, cure), resetsAt);
  }

  public ModelFailure denied(Complaint complaint, String what, String cure) {
    return new ModelFailure.Denied(complaint.told(host, what, cure));
  }

  public ModelFailure noModel(Complaint complaint) {
    return denied(complaint, "has no model " + model + " for this key", "Check model.");
  }

  public ModelFailure unusable(Complaint complaint, String what, String cure) {
    return new ModelFailure.Unusable(complaint.told(host, what, cure));
  }

  /**
   * @param how {@code too long} or {@code too large}
   */
  public ModelFailure tooLong(Complaint complaint, String how) {
    return unusable(complaint, "finds the request " + how, "The conversation must become shorter.");
  }

  /** The reply stopped in the middle. */
  public ModelFailure cut() {
    return new ModelFailure.Transient(
        "%s ended the reply before it was complete.".formatted(host), Optional.empty());
  }

  ModelFailure unreadable(String data) {
    return new ModelFailure.Transient(
        "%s sent an event that is no JSON: %s".formatted(host, Excerpt.of(data, 200)),
        Optional.empty());
  }

  /**
   * What came is no reply at all.
   *
   * @param api that was spoken
   */
  public ModelFailure garbage(String api, Headers headers, String beginning) {
    String type = headers.get("content-type");
    String what =
        "%s answered with something that is no reply of the %s (%s: %s)."
            .formatted(
                host,
                api,
                type == null ? "without a content type" : Excerpt.of(type, 80),
                beginning.isBlank() ? "empty" : Excerpt.of(beginning, QUOTED_MAX));
    return type != null && type.toLowerCase(Locale.ROOT).contains("html")
        ? new ModelFailure.Denied(what + " Check base_url, and any proxy on the way.")
        : new ModelFailure.Transient(what, Optional.empty());
  }
}
