package dev.agentrunner.core.chat;

/**
 * What replies cost, as far as it is known. What is unknown is never counted as nothing: it leaves
 * the sum incomplete.
 *
 * @param micros millionths of a US dollar; never negative; a lower bound unless {@code complete}
 * @param complete whether every reply that was added up had a price
 */
public record Cost(long micros, boolean complete) {

  /** Of nothing. */
  public static final Cost NONE = new Cost(0, true);

  /** Of a reply whose price nobody knows. */
  public static final Cost UNKNOWN = new Cost(0, false);

  public Cost {
    if (micros < 0) {
      throw new IllegalArgumentException("a cost is never negative");
    }
  }

  public static Cost of(long micros) {
    return new Cost(micros, true);
  }

  public Cost plus(Cost other) {
    return new Cost(micros + other.micros, complete && other.complete);
  }
}
