package dev.agentrunner.adapter.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.adapter.http.Complaint;
import dev.agentrunner.adapter.http.JsonTree;
import dev.agentrunner.adapter.http.ProviderFailures;
import dev.agentrunner.adapter.http.Refusal;
import dev.agentrunner.core.chat.ModelFailure;
import java.util.Optional;
import okhttp3.Headers;

/**
 * What the server's errors mean for us (ollama/ollama, docs/api/errors.mdx and server/routes.go,
 * read 2026-08).
 */
record OllamaFailures(ProviderFailures common) {

  ModelFailure ofStatus(Refusal refusal) {
    return classify(complaint(refusal.status(), message(refusal.body()), refusal.headers()));
  }

  /** An error that came as a line of a stream with status 200. */
  ModelFailure ofLine(JsonNode error, Headers headers) {
    return classify(complaint(500, message(error), headers));
  }

  private static Complaint complaint(int status, String message, Headers headers) {
    return new Complaint(status, "", "", message, "", headers);
  }

  ModelFailure ofMissingCapability(String capability) {
    return new ModelFailure.Denied(
        "The model %s cannot be used here: it lacks the capability \"%s\". Ask a model that has it; ollama show NAME tells."
            .formatted(common.model(), capability));
  }

  /**
   * The prompt is longer than all the room there is.
   *
   * @param tokensMin the prompt has at least so many
   */
  ModelFailure ofOverlongPrompt(long tokensMin, int contextTokens) {
    return new ModelFailure.Unusable(
        "The prompt for %s has more than %d tokens and does not fit into %d. The conversation must become shorter, or num_ctx larger."
            .formatted(common.model(), tokensMin, contextTokens));
  }

  String whenUnreachable() {
    return "Is Ollama running? Start it with: ollama serve. Or check OLLAMA_HOST and base_url.";
  }

  /** Whether the server says that it does not have the model. */
  boolean misses(Refusal refusal) {
    return refusal.status() == 404
        && complaint(404, message(refusal.body()), refusal.headers()).speaksOf("model");
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

  private ModelFailure classify(Complaint said) {
    String model = common.model();
    if (said.speaksOf("does not support tools")) {
      return ofMissingCapability("tools");
    }
    if (said.speaksOf("does not support")) {
      return common.denied(
          said, "has no such use for " + model, "Take the option out, or ask another model.");
    }
    if (said.speaksOf("context length")
        || said.speaksOf("context window")
        || said.speaksOf("prompt too long")
        || said.speaksOf("prompt is too long")) {
      return common.unusable(
          said,
          "finds the prompt too long",
          "The conversation must become shorter, or num_ctx larger.");
    }
    if (said.speaksOf("more system memory")) {
      return common.denied(
          said, "has too little memory for " + model, "Ask a smaller model, or lower num_ctx.");
    }
    return switch (said.status()) {
      case 401 ->
          common.denied(
              said,
              "wants to know who asks",
              "Run: ollama signin. Or check the key in " + common.keyOrigin() + ".");
      case 404 ->
          said.speaksOf("model")
              ? common.denied(
                  said, "does not have the model", "Fetch it with: ollama pull " + model)
              : common.byStatus(said);
      case 429 -> limited(said);
      case 503, 529 -> common.passing(said, "is busy");
      default -> common.byStatus(said);
    };
  }

  private ModelFailure limited(Complaint said) {
    // The cloud has limits by the hour and by the week, and does not say when they are over.
    return said.speaksOf("usage limit") && said.hints(common.now()).delay().isEmpty()
        ? common.window(said, "has used up what this account may ask", "", Optional.empty())
        : common.limited(said, Optional.empty());
  }
}
