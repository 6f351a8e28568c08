package dev.agentrunner.adapter.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrunner.core.chat.Usage;

/**
 * Tokens as a stream counts them: each report gives totals so far, and leaves out what has not
 * changed or is zero. The prompt's count includes what came from the cache.
 */
final class TokenCount {

  private long prompt;
  private long cached;
  private long toolPrompt;
  private long candidates;
  private long thoughts;
  private boolean promptKnown;

  void report(JsonNode usage) {
    promptKnown |= usage.path("promptTokenCount").isNumber();
    prompt = count(usage, "promptTokenCount", prompt);
    cached = count(usage, "cachedContentTokenCount", cached);
    toolPrompt = count(usage, "toolUsePromptTokenCount", toolPrompt);
    candidates = count(usage, "candidatesTokenCount", candidates);
    thoughts = count(usage, "thoughtsTokenCount", thoughts);
  }

  /**
   * @param whole whether the reply came to its end, so that nothing is left to be counted
   */
  Usage soFar(boolean whole) {
    return new Usage(
        Math.max(0, prompt - cached) + toolPrompt,
        cached,
        0,
        candidates + thoughts,
        thoughts,
        whole && promptKnown);
  }

  private static long count(JsonNode usage, String name, long before) {
    JsonNode count = usage.path(name);
    return count.isNumber() ? Math.max(0, count.asLong()) : before;
  }
}
