package dev.agentrunner.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** The words for trouble that both of OpenAI's APIs have. */
final class OpenAiErrors {

  private OpenAiErrors() {}

  static ObjectNode error(Trouble trouble, String message) {
    ObjectNode error = JsonWire.object();
    ObjectNode told = error.putObject("error");
    switch (trouble) {
      case RATE, QUOTA, QUOTA_UNTIL ->
          told.put("type", "tokens").put("code", "rate_limit_exceeded");
      case UNPAID -> told.put("type", "insufficient_quota").put("code", "insufficient_quota");
      case KEY -> told.put("type", "invalid_request_error").put("code", "invalid_api_key");
      case FORBIDDEN -> told.put("type", "invalid_request_error").putNull("code");
      case NO_MODEL -> told.put("type", "invalid_request_error").put("code", "model_not_found");
      case TOO_LONG ->
          told.put("type", "invalid_request_error").put("code", "context_length_exceeded");
      case STRANGE -> told.put("type", "invalid_request_error").put("code", "invalid_value");
      case BROKEN -> told.put("type", "server_error").put("code", "server_error");
      case OVERLOADED ->
          told.put("type", "service_unavailable_error").put("code", "server_is_overloaded");
    }
    told.put("message", message).putNull("param");
    return error;
  }

  static Wire.Refusal refusal(Reaction.Refuses refuses, long number) {
    Trouble trouble = refuses.trouble();
    Map<String, String> headers = new HashMap<>();
    headers.put("x-request-id", "req_" + number);
    String message = refuses.message();
    switch (trouble) {
      // A short wait is often told in words only.
      case RATE -> {
        if (refuses.delay().isPresent()) {
          message += " Please try again in %ss.".formatted(Wire.seconds(refuses.delay().get()));
        }
      }
      case QUOTA_UNTIL -> headers.put("retry-after", "86400");
      case QUOTA -> headers.put("x-should-retry", "false");
      default -> {
        // Nothing to wait for.
      }
    }
    int status = trouble == Trouble.UNPAID ? 429 : JsonWire.status(trouble);
    return new Wire.Refusal(status, headers, JsonWire.written(error(trouble, message)));
  }
}
