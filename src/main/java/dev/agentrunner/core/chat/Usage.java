package dev.agentrunner.core.chat;

/**
 * Tokens of one reply, or of several added up. The three input counts exclude each other; the whole
 * prompt is their sum.
 *
 * @param inputTokens read afresh
 * @param cacheReadTokens read from a prompt cache
 * @param cacheWriteTokens written into one
 * @param outputTokens thinking included
 * @param reasoningTokens the part of {@code outputTokens} spent on thinking, as far as told
 * @param exact whether the provider reported every count; otherwise the numbers are a lower bound
 * @param cost of all of it
 */
public record Usage(
    long inputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    boolean exact,
    Cost cost) {

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, true, Cost.NONE);

  public Usage {
    if (inputTokens < 0
        || cacheReadTokens < 0
        || cacheWriteTokens < 0
        || outputTokens < 0
        || reasoningTokens < 0) {
      throw new IllegalArgumentException("token counts are never negative");
    }
  }

  /** Tokens as a provider counts them, not priced yet. */
  public Usage(
      long inputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      long outputTokens,
      long reasoningTokens,
      boolean exact) {
    this(
        inputTokens,
        cacheReadTokens,
        cacheWriteTokens,
        outputTokens,
        reasoningTokens,
        exact,
        Cost.UNKNOWN);
  }

  public Usage costing(Cost known) {
    return new Usage(
        inputTokens,
        cacheReadTokens,
        cacheWriteTokens,
        outputTokens,
        reasoningTokens,
        exact,
        known);
  }

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        outputTokens + other.outputTokens,
        reasoningTokens + other.reasoningTokens,
        exact && other.exact,
        cost.plus(other.cost));
  }

  public long promptTokens() {
    return inputTokens + cacheReadTokens + cacheWriteTokens;
  }

  public long totalTokens() {
    return promptTokens() + outputTokens;
  }
}
