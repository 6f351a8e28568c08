package dev.agentrunner.core.limit;

import dev.agentrunner.core.chat.Cost;
import dev.agentrunner.core.chat.Usage;
import java.util.Optional;

/** What a model costs, one reply at a time. */
public record ModelPrice(TokenRates rates, Optional<LongPrompts> longPrompts) {

  /** Of what runs on the user's own machine. */
  public static final ModelPrice FREE = new ModelPrice(TokenRates.FREE);

  /** The same for prompts of any length. */
  public ModelPrice(TokenRates rates) {
    this(rates, Optional.empty());
  }

  /**
   * Other rates, which hold for the whole reply once its prompt is long.
   *
   * @param above so many tokens, cached ones included
   */
  public record LongPrompts(long above, TokenRates rates) {}

  /** With a cache that remembers for an hour, which costs more to write. */
  public ModelPrice rememberedForAnHour() {
    return new ModelPrice(
        rates.rememberedForAnHour(),
        longPrompts.map(
            prompts -> new LongPrompts(prompts.above(), prompts.rates().rememberedForAnHour())));
  }

  /** What one reply comes to: of several added up, it cannot be told which had a long prompt. */
  public Cost of(Usage usage) {
    return longPrompts
        .filter(prompts -> usage.promptTokens() > prompts.above())
        .map(LongPrompts::rates)
        .orElse(rates)
        .of(usage);
  }
}
