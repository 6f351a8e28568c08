package dev.agentrunner.adapter.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;

/**
 * Tokens as a stream counts them: each report gives totals, a count that is null or missing says
 * nothing and leaves the earlier one standing.
 */
final class UsageCount {

  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long output;
  private long thinking;
  private boolean inputKnown;
  private boolean outputFinal;

  /**
   * @param last whether this is the count at the end of a reply
   */
  void report(JsonNode usage, boolean last) {
    JsonNode parts = usage.path("iterations");
    if (parts.isArray() && !parts.isEmpty()) {
      // Several passes over the conversation: the top level then tells of the last pass only.
      input = sum(parts, "input_tokens");
      cacheRead = sum(parts, "cache_read_input_tokens");
      cacheWrite = sum(parts, "cache_creation_input_tokens");
      output = sum(parts, "output_tokens");
      inputKnown = true;
    } else {
      inputKnown |= usage.path("input_tokens").isIntegralNumber();
      input = count(usage, "input_tokens", input);
      cacheRead = count(usage, "cache_read_input_tokens", cacheRead);
      cacheWrite = count(usage, "cache_creation_input_tokens", cacheWrite);
      output = count(usage, "output_tokens", output);
    }
    thinking = count(usage.path("output_tokens_details"), "thinking_tokens", thinking);
    outputFinal |= last && usage.path("output_tokens").isIntegralNumber();
  }

  Usage soFar() {
    return new Usage(input, cacheRead, cacheWrite, output, thinking, inputKnown && outputFinal);
  }

  private static long count(JsonNode usage, String name, long before) {
    JsonNode count = usage.path(name);
    return count.isIntegralNumber() ? Math.max(0, count.longValue()) : before;
  }

  private static long sum(JsonNode parts, String name) {
    long sum = 0;
    for (JsonNode part : parts) {
      sum += count(part, name, 0);
    }
    return sum;
  }
}
