package dev.agentrunner.core.limit;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * US dollars per million tokens, which is the same number as millionths of a dollar per token.
 *
 * @param output thinking included
 * @param cacheRead empty if nobody knows, as are the others
 * @param cacheWriteHour for what is remembered for an hour instead of minutes
 */
public record TokenRates(
    BigDecimal input,
    BigDecimal output,
    Optional<BigDecimal> cacheRead,
    Optional<BigDecimal> cacheWrite,
    Optional<BigDecimal> cacheWriteHour) {

  /** Of what runs on the user's own machine. */
  public static final TokenRates FREE =
      new TokenRates(
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          Optional.of(BigDecimal.ZERO),
          Optional.of(BigDecimal.ZERO),
          Optional.of(BigDecimal.ZERO));

  public TokenRates {
    if (input.signum() < 0
        || output.signum() < 0
        || negative(cacheRead)
        || negative(cacheWrite)
        || negative(cacheWriteHour)) {
      throw new IllegalArgumentException("a price is never negative");
    }
  }

  private static boolean negative(Optional<BigDecimal> rate) {
    return rate.filter(known -> known.signum() < 0).isPresent();
  }

  TokenRates rememberedForAnHour() {
    return new TokenRates(input, output, cacheRead, cacheWriteHour, cacheWriteHour);
  }

  /** What {@code usage} comes to, rounded up; a lower bound where a count or a rate is missing. */
  Cost of(Usage usage) {
    if (equals(FREE)) {
      return Cost.NONE;
    }
    BigDecimal micros =
        times(usage.inputTokens(), Optional.of(input))
            .add(times(usage.cacheReadTokens(), cacheRead))
            .add(times(usage.cacheWriteTokens(), cacheWrite))
            .add(times(usage.outputTokens(), Optional.of(output)));
    boolean complete =
        usage.exact()
            && (usage.cacheReadTokens() == 0 || cacheRead.isPresent())
            && (usage.cacheWriteTokens() == 0 || cacheWrite.isPresent());
    return new Cost(micros.setScale(0, RoundingMode.CEILING).longValueExact(), complete);
  }

  private static BigDecimal times(long tokens, Optional<BigDecimal> rate) {
    return rate.map(known -> known.multiply(BigDecimal.valueOf(tokens))).orElse(BigDecimal.ZERO);
  }
}
