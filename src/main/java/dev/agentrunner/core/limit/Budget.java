package dev.agentrunner.core.limit;

import dev.agentrunner.core.chat.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * How much one run and each of its tasks may spend.
 *
 * @param run of all of its tasks together
 */
public record Budget(Caps run, Caps task) {

  public static final Budget NONE = new Budget(Caps.NONE, Caps.NONE);

  /**
   * Bounds; what is empty is unbounded.
   *
   * @param micros millionths of a US dollar
   * @param time at work, without pauses
   */
  public record Caps(
      Optional<Long> micros,
      Optional<Long> tokens,
      Optional<Duration> time,
      Optional<Integer> calls) {

    static final Caps NONE =
        new Caps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The bound that one more call would break; empty if there is none. A cost that is not known
     * whole counts as far as it is known.
     *
     * @param need tokens of the call, as far as can be told
     */
    public Optional<Cap> broken(Spending spent, long need) {
      if (micros.isPresent() && spent.costAfter(need) > micros.get()) {
        return Optional.of(new Cap("usd", "%s USD".formatted(dollars(micros.get()))));
      }
      if (tokens.isPresent() && spent.usage().totalTokens() + need > tokens.get()) {
        return Optional.of(new Cap("tokens", "%d tokens".formatted(tokens.get())));
      }
      if (time.isPresent() && spent.time().compareTo(time.get()) >= 0) {
        return Optional.of(new Cap("time", "%d s".formatted(time.get().toSeconds())));
      }
      return calls
          .filter(most -> spent.calls() >= most)
          .map(most -> new Cap("calls", most + (most == 1 ? " call" : " calls")));
    }

    /** Whether none of them is set. */
    public boolean isUnbounded() {
      return equals(NONE);
    }

    private static String dollars(long micros) {
      BigDecimal dollars = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
      return dollars.setScale(Math.max(2, dollars.scale())).toPlainString();
    }
  }

  /**
   * One bound.
   *
   * @param name the last word of its key: {@code usd}, {@code tokens}, {@code time} or {@code
   *     calls}
   * @param shown for people
   */
  public record Cap(String name, String shown) {}

  /**
   * What was spent so far.
   *
   * @param time at work, without pauses
   */
  public record Spending(Usage usage, int calls, Duration time) {

    /** With a call of {@code need} tokens, at the price that those before it had on average. */
    long costAfter(long need) {
      long micros = usage.cost().micros();
      long tokens = usage.totalTokens();
      return tokens == 0 ? micros : micros + Math.round((double) micros / tokens * need);
    }
  }
}
