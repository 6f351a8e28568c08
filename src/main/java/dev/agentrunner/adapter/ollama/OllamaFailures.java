package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.Excerpt;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.adapter.http.RetryHints;
import dev.agentrunner.core.chat.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;

/**
 * What the server's errors mean for us (ollama/ollama, docs/api/errors.mdx and server/routes.go,
 * read 2026-08).
 *
 * @param host the other end, for messages
 * @param keyOrigin where the key came from, for messages
 * @param model asked for
 * @param longestWait a provider that asks for a longer wait has a used-up quota, not a hiccup
 */
record OllamaFailures(
    String host, String keyOrigin, String model, Duration longestWait, Instant now) {

  private static final int QUOTED_MAX = 500;

  ModelFailure ofStatus(Refusal refusal) {
    return classify(new Said(refusal.status(), message(refusal.body()), refusal.headers()));
  }

  /** An error that came as a line of a stream with status 200. */
  ModelFailure ofLine(JsonNode error, Headers headers) {
    return classify(new Said(500, message(error), headers));
  }

  /** What came is no reply at all. */
  ModelFailure ofGarbage(Headers headers, String beginning) {
    String type = headers.get("content-type");
    String what =
        "%s answered with something that is no reply of Ollama's /api/chat (%s: %s)."
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

  ModelFailure ofMissingCapability(String capability) {
    return new ModelFailure.Denied(
        "The model %s cannot be used here: it lacks the capability \"%s\". Ask a model that has it; ollama show NAME tells."
            .formatted(model, capability));
  }

  /**
   * The prompt is longer than all the room there is.
   *
   * @param tokensMin the prompt has at least so many
   */
  ModelFailure ofOverlongPrompt(long tokensMin, int contextTokens) {
    return new ModelFailure.Unusable(
        "The prompt for %s has more than %d tokens and does not fit into %d. The conversation must become shorter, or num_ctx larger."
            .formatted(model, tokensMin, contextTokens));
  }

  String whenUnreachable() {
    return "Is Ollama running? Start it with: ollama serve. Or check OLLAMA_HOST and base_url.";
  }

  /** Whether the server says that it does not have the model. */
  boolean misses(Refusal refusal) {
    return refusal.status() == 404
        && new Said(404, message(refusal.body()), refusal.headers()).speaksOf("model");
  }

  private static String message(String body) {
    try {
      String message = message(JsonTree.read(body));
      return message.isEmpty() ? body : message;
    } catch (JsonProcessingException _) {
      return body;
    }
  }

  private static String message(JsonNode tree) {
    JsonNode error = tree.path("error");
    return error.isTextual() ? error.textValue() : error.path("message").asText("");
  }

  private ModelFailure classify(Said said) {
    int status = said.status();
    if (said.speaksOf("does not support tools")) {
      return ofMissingCapability("tools");
    }
    if (said.speaksOf("does not support")) {
      return denied(
          said, "has no such use for " + model, "Take the option out, or ask another model.");
    }
    if (said.speaksOf("context length")
        || said.speaksOf("context window")
        || said.speaksOf("prompt too long")
        || said.speaksOf("prompt is too long")) {
      return unusable(
          said,
          "finds the prompt too long",
          "The conversation must become shorter, or num_ctx larger.");
    }
    if (said.speaksOf("more system memory")) {
      return denied(
          said, "has too little memory for " + model, "Ask a smaller model, or lower num_ctx.");
    }
    return switch (status) {
      case 401 ->
          denied(
              said,
              "wants to know who asks",
              "Run: ollama signin. Or check the key in " + keyOrigin + ".");
      case 403 ->
          denied(said, "does not allow this", "Check what the key in " + keyOrigin + " may do.");
      case 404 ->
          said.speaksOf("model")
              ? denied(said, "does not have the model", "Fetch it with: ollama pull " + model)
              : denied(said, "knows no such address", "Check base_url.");
      case 413 ->
          unusable(said, "finds the request too large", "The conversation must become shorter.");
      case 429 -> limited(said);
      case 408, 409, 499 -> passing(said, "could not answer");
      case 503, 529 -> passing(said, "is busy");
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
        yield unusable(said, "does not accept the request", "");
      }
    };
  }

  private ModelFailure limited(Said said) {
    // The cloud has limits by the hour and by the week, and does not say when they are over.
    return said.speaksOf("usage limit") && said.delay(now).isEmpty()
        ? new ModelFailure.Window(
            said.told(host, "has used up what this account may ask", ""), Optional.empty())
        : passing(said, "limits the rate of calls");
  }

  private ModelFailure passing(Said said, String what) {
    Optional<Duration> wait = said.delay(now);
    if (wait.isPresent() && wait.get().compareTo(longestWait) > 0) {
      Instant resetsAt = now.plus(wait.get());
      return new ModelFailure.Window(
          said.told(host, what, "It takes calls again at " + resetsAt + "."),
          Optional.of(resetsAt));
    }
    return new ModelFailure.Transient(said.told(host, what, ""), wait);
  }

  private ModelFailure denied(Said said, String what, String cure) {
    return new ModelFailure.Denied(said.told(host, what, cure));
  }

  private ModelFailure unusable(Said said, String what, String cure) {
    return new ModelFailure.Unusable(said.told(host, what, cure));
  }

  /** An error in the server's own words. */
  private record Said(int status, String message, Headers headers) {

    boolean speaksOf(String words) {
      return message.toLowerCase(Locale.ROOT).contains(words);
    }

    Optional<Duration> delay(Instant now) {
      return RetryHints.of(headers, now).delay();
    }

    String told(String host, String what, String cure) {
      StringBuilder told = new StringBuilder(host).append(' ').append(what).append(" (");
      told.append(status);
      if (!message.isBlank()) {
        told.append(": ").append(Excerpt.of(message, QUOTED_MAX));
      }
      told.append(").");
      return cure.isEmpty() ? told.toString() : told.append(' ').append(cure).toString();
    }
  }
}
