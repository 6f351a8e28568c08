package dev.agentrunner.adapter.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;

/**
 * Tokens as either API reports them: what was read from a cache or written into one is part of the
 * input there, and thinking is part of the output.
 */
final class TokenCount {

  private Usage usage = new Usage(0, 0, 0, 0, 0, false);

  /** Takes in a report; one that is missing or null leaves the earlier one standing. */
  void report(JsonNode reported) {
    if (!reported.isObject()) {
      return;
    }
    JsonNode input = either(reported, "input_tokens", "prompt_tokens");
    JsonNode output = either(reported, "output_tokens", "completion_tokens");
    JsonNode inputDetails = either(reported, "input_tokens_details", "prompt_tokens_details");
    JsonNode outputDetails = either(reported, "output_tokens_details", "completion_tokens_details");
    long prompt = count(input);
    JsonNode cached = inputDetails.path("cached_tokens");
    // DeepSeek's own field, from before it had the details.
    long read =
        Math.min(
            prompt,
            count(cached.isIntegralNumber() ? cached : reported.path("prompt_cache_hit_tokens")));
    long written = Math.min(prompt - read, count(inputDetails.path("cache_write_tokens")));
    long said = count(output);
    usage =
        new Usage(
            prompt - read - written,
            read,
            written,
            said,
            Math.min(said, count(outputDetails.path("reasoning_tokens"))),
            input.isIntegralNumber() && output.isIntegralNumber());
  }

  /** Not exact until a report has come. */
  Usage soFar() {
    return usage;
  }

  private static JsonNode either(JsonNode reported, String name, String otherName) {
    return reported.has(name) ? reported.path(name) : reported.path(otherName);
  }

  private static long count(JsonNode count) {
    return count.isIntegralNumber() ? Math.max(0, count.longValue()) : 0;
  }
}
